import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { io } from 'socket.io-client'
import { liveNamespace } from '#contracts/api/live.ts'

export interface Viewer {
  /** Bytes that came from web so far, as they are on the wire. */
  bytes(): number
  /** Frames that it was sent so far. */
  frames(): number
  close(): Promise<void>
}

/**
 * A browser's connection as the page has it, its tail open. `stalled`: after the first snapshot it reads nothing more from its socket,
 * as a tab whose machine sleeps.
 */
export async function openViewer(port: number, { stalled = false }: { stalled?: boolean } = {}): Promise<Viewer> {
  let bytes = 0
  let frames = 0
  let pause = (): void => undefined
  const ends = new Set<() => void>()
  const relay = createServer((browser) => {
    const web = connect(port, '127.0.0.1')
    ends.add(() => {
      browser.destroy()
      web.destroy()
    })
    browser.pipe(web)
    web.pipe(browser)
    web.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    pause = () => {
      web.unpipe(browser)
      web.pause()
    }
    for (const [one, other] of [
      [browser, web],
      [web, browser],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const socket = io(`http://127.0.0.1:${(relay.address() as AddressInfo).port}${liveNamespace}`, {
    ...{ transports: ['websocket'], reconnection: false },
  })
  socket.on('frame', (_frame: unknown, done: () => void) => {
    frames += 1
    done()
  })
  await new Promise<void>((resolve) => socket.once('snapshot', () => resolve()))
  socket.emit('watch', { tail: {}, rows: [], message: null, logs: null, run: null })
  if (stalled) pause()
  return {
    bytes: () => bytes,
    frames: () => frames,
    async close() {
      socket.close()
      for (const end of ends) end()
      await new Promise<void>((resolve) => relay.close(() => resolve()))
    },
  }
}
