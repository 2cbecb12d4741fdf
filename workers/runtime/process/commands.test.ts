import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { CommandReply } from '#contracts/protocols/worker.ts'
import { createCommands } from './commands.ts'

function open() {
  const replies: CommandReply[] = []
  const problems: string[] = []
  const input = new PassThrough()
  const commands = createCommands(
    (reply) => replies.push(reply),
    (problem) => problems.push(problem),
  )
  const ended = new Promise<void>((resolve) => commands.listen(input, resolve))
  return { replies, problems, input, commands, ended }
}

const line = (id: number, command: unknown) => `${JSON.stringify({ id, command })}\n`

test('commands are answered under their id, with results or with the error', async () => {
  const { commands, input, replies, ended } = open()
  commands.on('publish', async ({ events }) => events.map(({ type }) => ({ id: type, state: 'acked' as const })))
  commands.on('burst.stop', () => {
    throw new TypeError('no such burst')
  })
  input.write(line(1, { kind: 'publish', events: [{ type: 'a', topic: 'a', version: 1, body: '{}' }] }))
  input.write(line(2, { kind: 'burst.stop', burstId: 'b' }))
  input.end(line(3, { kind: 'configure', config: { revision: 1, eventTypes: [], subscriptions: [] } }))
  await ended
  await new Promise(setImmediate)
  expect(replies.toSorted((a, b) => a.id - b.id)).toMatchObject([
    { id: 1, ok: true, results: [{ id: 'a', state: 'acked' }] },
    { id: 2, ok: false, error: { type: 'TypeError', message: 'no such burst' } },
    { id: 3, ok: false, error: { type: 'UnknownCommand' } },
  ])
})

test('a line that is not a command is reported and harms nothing', async () => {
  const { commands, input, replies, problems, ended } = open()
  commands.on('burst.stop', () => undefined)
  input.write('garbage\n')
  input.write(line(1, { kind: 'explode' }))
  input.end(line(2, { kind: 'burst.stop', burstId: 'b' }))
  await ended
  await new Promise(setImmediate)
  expect(problems).toHaveLength(2)
  expect(replies).toEqual([{ id: 2, ok: true }])
})
