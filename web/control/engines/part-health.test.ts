import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { mailboxLook, startHealthProbe } from './part-health.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function greeting(text: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (text === '') socket.end()
    else socket.write(text)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('knows a mailbox by its greeting', async () => {
  await expect(mailboxLook(await greeting('220 mailbox ESMTP\r\n'))()).resolves.toBeUndefined()
  await expect(mailboxLook(await greeting('421 too busy\r\n'))()).rejects.toThrow('421 too busy')
  await expect(mailboxLook(await greeting(''))()).rejects.toThrow('closed before the greeting')
  await expect(mailboxLook('smtp://127.0.0.1:1')()).rejects.toThrow('ECONNREFUSED')
})

it('finds out that a part went and came back', async () => {
  let answers = false
  const probe = startHealthProbe('mailbox', async () => {
    if (!answers) throw new Error('connection refused')
  })
  try {
    await expect.poll(() => probe.health().problem).toBe('the mailbox does not answer: connection refused')
    answers = true
    await expect.poll(() => probe.health(), { timeout: 10_000 }).toEqual({ name: 'mailbox', up: true })
    answers = false
    await expect.poll(() => probe.health().up, { timeout: 10_000 }).toBe(false)
  } finally {
    probe.stop()
  }
})
