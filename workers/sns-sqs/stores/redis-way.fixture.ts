import { createServer, connect as dial, type Socket } from 'node:net'

/** A way to Redis that can lose an answer: the request goes through, then the connection breaks. */
export async function startWay(port: number) {
  let losing = false
  let lost = 0
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = dial(port, '127.0.0.1')
    sockets.add(near).add(far)
    let asked = false
    near.on('data', (data) => {
      // Only answers to a send are lost, never those of the handshake.
      if (losing && data.includes('sender')) asked = true
      far.write(data)
    })
    far.on('data', (data) => {
      if (!asked) return near.write(data)
      losing = false
      lost++
      near.resetAndDestroy()
      far.destroy()
    })
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the way to redis has no port')
  return {
    port: address.port,
    loseNextAnswer: () => {
      losing = true
    },
    lost: () => lost,
    stop: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
