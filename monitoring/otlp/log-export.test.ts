import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../supervisor/process/ports.ts'
import { until } from '../../test/until.ts'
import { type OtlpReceiver, type Received, startOtlpReceiver } from '../fixtures/otlp-receiver.ts'
import { type LogExport, type LogExportOptions, type LogLine, openLogExport } from './log-export.ts'
import { pinoStream } from './pino-stream.ts'

const receivers: OtlpReceiver[] = []
const exports: LogExport[] = []
afterEach(async () => {
  await Promise.all(exports.splice(0).map((one) => one.close(100)))
  await Promise.all(receivers.splice(0).map((one) => one.close()))
})

async function receive(port = 0): Promise<OtlpReceiver> {
  const receiver = await startOtlpReceiver(port)
  receivers.push(receiver)
  return receiver
}
function open(lokiUrl: string, options: Partial<LogExportOptions> = {}): LogExport {
  const one = openLogExport({ lokiUrl, version: '1.2.3', gatherMs: 10, retryMs: 20, timeoutMs: 300, ...options })
  exports.push(one)
  return one
}
const line = (message: string, more: Partial<LogLine> = {}): LogLine => ({
  ...{ at: 1_700_000_000_123.5, service: 'consumer-db', instance: 'consumer-db-1', level: 'info', message },
  ...more,
})
/** The line itself, which is JSON. */
const bodyOf = (log: Received | undefined) => JSON.parse(Object(log?.body).text)
const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

describe('openLogExport', () => {
  it('sends a line as JSON with its resource, severity, trace, span and message', async () => {
    const receiver = await receive()
    const messageId = 'producer-1:1:order_placed:7'
    open(receiver.url).push(
      line('row written', { level: 'error', messageId, traceId, spanId, fields: { table: 'orders' } }),
    )
    const [log] = await until('the line', async () => receiver.logs.length > 0 && receiver.logs)
    expect(log).toMatchObject({
      resource: {
        'service.name': 'consumer-db',
        'service.instance.id': 'consumer-db-1',
        'service.namespace': 'faultline',
        'service.version': '1.2.3',
      },
      ...{ severityNumber: 17, severityText: 'ERROR', time: 1_700_000_000_123_500_000n, traceId, spanId },
      attributes: { 'messaging.message.id': messageId },
    })
    expect(bodyOf(log)).toEqual({
      ...{ time: '2023-11-14T22:13:20.123Z', level: 'error', service: 'consumer-db', instance: 'consumer-db-1' },
      ...{ message: 'row written', messageId, traceId, spanId, table: 'orders' },
    })
    expect(receiver.requests[0]?.path).toBe('/otlp/v1/logs')
  })

  it('keeps a trace id that comes without a span', async () => {
    const receiver = await receive()
    open(receiver.url).push(line('published', { traceId }))
    const [log] = await until('the line', async () => receiver.logs.length > 0 && receiver.logs)
    expect(log).toMatchObject({ traceId })
    expect(log?.spanId ?? '').toBe('')
  })

  it('keeps its path and turns credentials in the address into a header', async () => {
    const receiver = await receive()
    open(receiver.url.replace('http://', 'http://lab:se%40cret@').concat('/prefix/')).push(line('hello'))
    await until('the line', async () => receiver.logs.length > 0)
    expect(receiver.requests[0]).toMatchObject({
      path: '/prefix/otlp/v1/logs',
      headers: { authorization: `Basic ${Buffer.from('lab:se@cret').toString('base64')}` },
    })
  })

  it('sends what came while the receiver was away, once it is there, in order', async () => {
    const port = await freePort()
    const troubles: (string | undefined)[] = []
    const one = open(`http://127.0.0.1:${port}`, { onTrouble: (problem) => troubles.push(problem) })
    for (let n = 1; n <= 5; n += 1) one.push(line(`line ${n}`))
    await until('the trouble', async () => troubles.length > 0)
    expect(troubles[0]).toMatch(/does not take them/)
    for (let n = 6; n <= 10; n += 1) one.push(line(`line ${n}`))
    const receiver = await receive(port)
    await until('ten lines', async () => receiver.logs.length === 10)
    expect(receiver.logs.map((log) => bodyOf(log).message)).toEqual(
      Array.from({ length: 10 }, (_, n) => `line ${n + 1}`),
    )
    expect(troubles).toEqual([troubles[0], undefined])
    await until('the count', async () => one.figures().sent === 10)
    expect(one.figures()).toMatchObject({ queued: 0, dropped: { queue_full: 0, rejected: 0, shutdown: 0 } })
  })

  it('drops the oldest beyond its limit and counts them, and pushing never waits for a receiver that hangs', async () => {
    const receiver = await receive()
    receiver.refuse = () => undefined
    const one = open(receiver.url, { maxItems: 100 })
    const before = performance.now()
    for (let n = 1; n <= 1_000; n += 1) one.push(line(`line ${n}`))
    expect(performance.now() - before).toBeLessThan(1_000)
    expect(one.figures()).toMatchObject({ queued: 100, dropped: { queue_full: 900 } })
    await until('a request that hangs', async () => receiver.requests.length > 0)
    receiver.refuse = undefined
    await until('the rest', async () => receiver.logs.length >= 100)
    expect(bodyOf(receiver.logs.at(-1)).message).toBe('line 1000')
  })

  it('waits out a receiver that has no room, and drops a batch that it will never take', async () => {
    const receiver = await receive()
    let refusals = 0
    receiver.refuse = (response) => {
      refusals += 1
      response.writeHead(429).end()
    }
    const one = open(receiver.url)
    one.push(line('patience'))
    await until('two refusals', async () => refusals >= 2)
    receiver.refuse = undefined
    await until('the line', async () => receiver.logs.length === 1)
    receiver.refuse = (response) => void response.writeHead(400).end()
    one.push(line('malformed'))
    await until('the drop', async () => one.figures().dropped.rejected === 1)
    receiver.refuse = undefined
    one.push(line('next'))
    await until('the next line', async () => receiver.logs.length === 2)
  })

  it('sends what it holds when it is closed, and gives up in time where nobody takes it', async () => {
    const receiver = await receive()
    const one = open(receiver.url, { gatherMs: 60_000 })
    one.push(line('last words'))
    await one.close(2_000)
    expect(receiver.logs).toHaveLength(1)
    receiver.refuse = () => undefined
    const other = open(receiver.url, { gatherMs: 60_000, timeoutMs: 60_000 })
    other.push(line('unheard'))
    const before = performance.now()
    await other.close(200)
    expect(performance.now() - before).toBeLessThan(5_000)
    expect(other.figures().dropped.shutdown).toBe(1)
  })
})

describe('pinoStream', () => {
  it('hands on lines of pino with their fields', () => {
    const lines: LogLine[] = []
    const stream = pinoStream('web', (one) => lines.push(one))
    stream.write(
      '{"level":40,"time":1,"pid":7,"hostname":"h","name":"web","msg":"careful","service":"x","traceId":"abc"}\n',
    )
    expect(lines).toEqual([
      {
        at: 1,
        service: 'web',
        instance: 'web',
        level: 'warn',
        message: 'careful',
        traceId: 'abc',
        fields: { service: 'x' },
      },
    ])
  })
})
