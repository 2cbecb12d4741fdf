import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { addressesThrough } from './addresses.ts'
import { endingInWords } from './ending.ts'
import { readProgramLine } from './log-line.ts'
import { readOutput } from './output-lines.ts'

test('exit codes and signals are shown in words', () => {
  expect(endingInWords(127, null)).toBe('exit code 127 (command not found)')
  expect(endingInWords(null, 'SIGKILL')).toBe('SIGKILL (killed)')
  expect(endingInWords(137, null)).toBe("exit code 137 (a shell's word for SIGKILL: killed)")
  expect(endingInWords(5, null)).toBe('exit code 5')
  expect(endingInWords(0, null)).toBe('exit code 0 (though a service has to go on)')
})

test('lines of common loggers are read, and anything else is text', () => {
  const trace = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) }
  expect(readProgramLine(JSON.stringify({ level: 'WARNING', message: 'odd', ...trace, user: 7 }), 'stdout')).toEqual({
    ...{ level: 'warn', message: 'odd', traceId: trace.trace_id, spanId: trace.span_id, fields: { user: 7 } },
  })
  expect(readProgramLine('{"level":50,"time":1,"pid":2,"hostname":"h","msg":"broken"}', 'stdout')).toEqual({
    ...{ level: 'error', message: 'broken' },
  })
  expect(readProgramLine('{"severity":"DEBUG","event":"poll","trace_id":"no"}', 'stderr')).toEqual({
    ...{ level: 'debug', message: 'poll' },
  })
  for (const line of ['{"level":"info"}', '{broken', '[1]', 'plain'])
    expect(readProgramLine(line, 'stdout')).toEqual({ level: 'info', message: line })
  expect(readProgramLine('ModuleNotFoundError: No module', 'stderr').level).toBe('error')
  expect(readProgramLine('WARNING: This is a development server.', 'stderr').level).toBe('warn')
  expect(readProgramLine('127.0.0.1 - - "POST / HTTP/1.1" 200 -', 'stderr').level).toBe('info')
})

test('output is read in lines of bounded length and number', async () => {
  const stream = new PassThrough()
  const lines: string[] = []
  const held: number[] = []
  const limits = { lineMax: 5, linesPerSecond: 3, bytesPerSecond: 1_000_000 }
  readOutput(
    stream,
    limits,
    (line) => lines.push(line),
    (count) => held.push(count),
  )
  const closed = new Promise((resolve) => stream.once('close', resolve))
  stream.write('one\r\n\n  \ntw')
  stream.write('o\n12345')
  stream.write('6789\n')
  stream.end('four\nfive')
  await closed
  expect(lines).toEqual(['one', 'two', '12345… 4 more characters'])
  expect(held).toEqual([2])
})

test('addresses go through the proxies of their links, and others are not given', () => {
  const links = [
    { host: '127.0.0.1', port: 5432, proxyPort: 40_001 },
    { host: 'kafka-1', port: 9092, proxyPort: 40_002 },
    { host: 'kafka-2', port: 9093, proxyPort: 40_003 },
    { host: '::1', port: 1025, proxyPort: 40_004 },
  ]
  const env = {
    DATABASE_URL: 'postgresql://lab:p%40w@localhost/lab?sslmode=disable',
    KAFKA_BROKERS: 'kafka-1, kafka-2:9093,kafka-3:9092',
    SMTP_URL: 'smtp://[::1]:1025',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  }
  expect(addressesThrough(links, env)).toEqual({
    DATABASE_URL: 'postgresql://lab:p%40w@127.0.0.1:40001/lab?sslmode=disable',
    KAFKA_BROKERS: '127.0.0.1:40002,127.0.0.1:40003',
    SMTP_URL: 'smtp://127.0.0.1:40004',
    AWS_ENDPOINT_URL: undefined,
    SNS_SQS_REDIS_ENDPOINT_URL: undefined,
  })
})
