import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { assignPorts, freePort, requirePort } from './ports.ts'

it('keeps the ports of the last start where they are free, and takes others where they are not', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const before = { a: await freePort(), b: port }
  const ports = await assignPorts(['a', 'b', 'c'], before)
  expect(ports.a).toBe(before.a)
  expect(ports.b).not.toBe(port)
  expect(new Set(Object.values(ports)).size).toBe(3)
  taken.close()
})

it('says which process has the port, and how to choose another', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  await expect(requirePort(port, '127.0.0.1')).rejects.toThrow(
    new RegExp(`^Port ${port} is in use by pid ${process.pid}: .*PORT=\\d+ npm start$`),
  )
  taken.close()
})

it('says that an address is not of this machine', async () => {
  await expect(requirePort(3000, '192.0.2.1')).rejects.toThrow('HOST=192.0.2.1 is not an address of this machine')
})
