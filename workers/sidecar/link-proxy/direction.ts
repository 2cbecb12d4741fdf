import type { Socket } from 'node:net'

/**
 * One thing that happens to bytes on their way in one direction. It gives back what goes on, now or later; nothing after it
 * moves meanwhile. This is where network faults go.
 */
export type Stage = (chunk: Buffer) => Buffer | undefined | Promise<Buffer | undefined>

export interface DirectionOptions {
  /** Read for every chunk, so that a stage added to a link holds for the connections that are open. */
  stages: () => readonly Stage[]
  onBytes: (count: number) => void
  /** The source sent FIN and all its bytes are handed on. */
  onEnd: () => void
  onError: (error: unknown) => void
}

/**
 * Carries bytes from one socket to the other, in order. Reads no faster than the other side takes: where that stops
 * reading, so does this, and the sender's own kernel makes it wait.
 */
export function carry(source: Socket, sink: Socket, { stages, onBytes, onEnd, onError }: DirectionOptions): void {
  let tail: Promise<void> | undefined
  let ended = false

  function deliver(chunk: Buffer): void {
    if (sink.destroyed || sink.writableEnded) return
    if (!sink.write(chunk)) {
      source.pause()
      sink.once('drain', () => {
        if (!tail) source.resume()
      })
    }
  }

  async function pass(chunk: Buffer, through: readonly Stage[]): Promise<void> {
    let current: Buffer | undefined = chunk
    for (const stage of through) {
      current = await stage(current)
      if (!current) return
    }
    deliver(current)
  }

  source.on('data', (chunk: Buffer) => {
    onBytes(chunk.length)
    const through = stages()
    if (through.length === 0 && !tail) {
      deliver(chunk)
      return
    }
    // Held bytes hold the sender too.
    source.pause()
    const mine = (tail ?? Promise.resolve())
      .then(() => pass(chunk, through))
      .catch(onError)
      .then(() => {
        if (tail !== mine) return
        tail = undefined
        if (ended) onEnd()
        else if (!sink.writableNeedDrain) source.resume()
      })
    tail = mine
  })
  source.on('end', () => {
    ended = true
    if (!tail) onEnd()
  })
}
