import { expect, test } from 'vitest'
import { plainHead } from './plain-head.ts'

const head = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('')
const usual = ['POST /a/b?c=d HTTP/1.1', 'Host: localhost:4566', 'Content-Length: 12']

test('a plain head is read with its names in lower case and its values without the blanks around them', () => {
  expect(plainHead(head(...usual, 'X-Amz-Target:\t AmazonSQS.SendMessage  ', 'Empty:'))).toEqual({
    url: '/a/b?c=d',
    headers: { host: 'localhost:4566', 'content-length': '12', 'x-amz-target': 'AmazonSQS.SendMessage', empty: '' },
    bodyBytes: 12,
  })
  expect(plainHead(head(...usual, 'Connection: Keep-Alive'))?.headers.connection).toBe('Keep-Alive')
})

test.each([
  ['another method', ['GET / HTTP/1.1', 'Host: a', 'Content-Length: 0']],
  ['another version', ['POST / HTTP/1.0', 'Host: a', 'Content-Length: 0']],
  ['a target that is not a path', ['POST http://a/ HTTP/1.1', 'Host: a', 'Content-Length: 0']],
  ['two blanks', ['POST  / HTTP/1.1', 'Host: a', 'Content-Length: 0']],
  ['no host', ['POST / HTTP/1.1', 'Content-Length: 0']],
  ['no length', ['POST / HTTP/1.1', 'Host: a']],
  ['a length twice', [...usual, 'content-length: 12']],
  ['another header twice', [...usual, 'A: 1', 'a: 2']],
  ['a length that is not a number', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: +1']],
  ['a length in two values', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 1, 1']],
  ['chunks', [...usual, 'Transfer-Encoding: chunked']],
  ['an expectation', [...usual, 'Expect: 100-continue']],
  ['another protocol', [...usual, 'Upgrade: websocket']],
  ['a last request', [...usual, 'Connection: close']],
  ['a blank before the colon', [...usual, 'A : 1']],
  ['a line that goes on', [...usual, 'A: 1', ' 2']],
  ['a line without a colon', [...usual, 'A']],
  ['a header without a name', [...usual, ': 1']],
  ['a control character', [...usual, 'A: \u0000']],
  ['a character beyond ASCII', [...usual, 'A: é']],
  ['a name of every object', [...usual, 'constructor: 1']],
])('%s is not plain', (_, lines) => {
  expect(plainHead(head(...lines))).toBeUndefined()
})

test('lines that end without a carriage return are not plain', () => {
  expect(plainHead(head(...usual).replaceAll('\r', ''))).toBeUndefined()
  expect(plainHead(`${head(...usual)}A: 1\n`)).toBeUndefined()
})
