import { expect, it } from 'vitest'
import { readOutputLine } from './output-line.ts'

it.each([
  ['{"ready":true,"port":1}', { kind: 'ready', ready: { ready: true, port: 1 } }],
  ['mail sent to ada@example.com', { kind: 'text', text: 'mail sent to ada@example.com' }],
  ['{"level":30,"msg":"fine"}', { kind: 'log' }],
  ['{"level":50,"msg":"lost it","err":{"message":"ECONNRESET"}}', { kind: 'trouble', text: 'lost it: ECONNRESET' }],
  ['{"level":40,"ms', { kind: 'text', text: '{"level":40,"ms' }],
])('reads %s', (line, meant) => {
  expect(readOutputLine(line)).toEqual(meant)
})
