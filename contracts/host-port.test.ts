import { expect, test } from 'vitest'
import { isLoopback, parseHostPort } from './host-port.ts'

test.each([
  ['broker-1.example:9092', undefined, { host: 'broker-1.example', port: 9092 }],
  ['[::1]:9093', undefined, { host: '::1', port: 9093 }],
  ['broker', 9092, { host: 'broker', port: 9092 }],
  ['broker', undefined, undefined],
  ['kafka://broker:9092', 9092, undefined],
  ['::1', 9092, undefined],
  ['broker:', 9092, undefined],
  ['broker:70000', undefined, undefined],
  ['two words:1', undefined, undefined],
  ['', 9092, undefined],
])('%s with the default port %s is %o', (text, defaultPort, expected) => {
  expect(parseHostPort(text, defaultPort)).toEqual(expected)
})

test('only an address of this machine is loopback', () => {
  expect(['localhost', '127.0.0.1', '127.8.0.1', '::1'].map(isLoopback)).toEqual([true, true, true, true])
  expect(['0.0.0.0', '127.example.org', '10.0.0.1', '::', ''].map(isLoopback)).toEqual(Array(5).fill(false))
})
