import type { Socket } from 'node:net'

/**
 * One thing that happens to bytes on their way in one direction. It gives back what goes on, now or later; nothing after it
 * moves meanwhile. This is where network faults go.
 */
export interface Stage {
  /** `arrivedAt`: when the bytes came, by `performance.now()`. */
  (chunk: Buffer, arrivedAt: number): Buffer | undefined | Promise<Buffer | undefined>
  /** Longer chunks are cut before any stage sees them. */
  readonly pieceBytes?: number
}

export interface DirectionOptions {
  /** Read for every chunk, so that a stage added to a link holds for the connections that are open. */
  stages: () => readonly Stage[]
  onBytes: (count: number) => void
  /** The source sent FIN and all its bytes are handed on. */
  onEnd: () => void
  onError: (error: unknown) => void
}

/** Bytes on their way through stages; with more than this the sender has to wait, as in a full network buffer. */
export const heldBytesMax = 1024 * 1024

/**
 * Carries bytes from one socket to the other, in order. Reads no faster than the other side takes: where that stops
 * reading, so does this, and the sender's own kernel makes it wait.
 */
export function carry(source: Socket, sink: Socket, { stages, onBytes, onEnd, onError }: DirectionOptions): void {
  let tail: Promise<void> | undefined
  let held = 0
  let ended = false

  function resume(): void {
    if (held < heldBytesMax && !sink.writableNeedDrain) source.resume()
  }

  function deliver(chunk: Buffer): void {
    if (sink.destroyed || sink.writableEnded) return
    if (sink.write(chunk)) return
    source.pause()
    sink.once('drain', resume)
  }

  async function pass(chunk: Buffer, through: readonly Stage[], arrivedAt: number): Promise<void> {
    let current: Buffer | undefined = chunk
    for (const stage of through) {
      current = await stage(current, arrivedAt)
      if (!current) return
    }
    if (sink.writableNeedDrain && !sink.destroyed) await roomIn(sink)
    deliver(current)
  }

  function enqueue(piece: Buffer, through: readonly Stage[], arrivedAt: number): void {
    held += piece.length
    if (held >= heldBytesMax) source.pause()
    const mine = (tail ?? Promise.resolve())
      .then(() => pass(piece, through, arrivedAt))
      .catch(onError)
      .then(() => {
        held -= piece.length
        if (tail === mine) {
          tail = undefined
          if (ended) onEnd()
        }
        resume()
      })
    tail = mine
  }

  source.on('data', (chunk: Buffer) => {
    onBytes(chunk.length)
    const through = stages()
    if (through.length === 0 && !tail) {
      deliver(chunk)
      return
    }
    const arrivedAt = performance.now()
    for (const piece of piecesOf(chunk, through)) enqueue(piece, through, arrivedAt)
  })
  source.on('end', () => {
    ended = true
    if (!tail) onEnd()
  })
}

function* piecesOf(chunk: Buffer, through: readonly Stage[]): Generator<Buffer> {
  const size = Math.min(...through.map(({ pieceBytes }) => pieceBytes ?? chunk.length), chunk.length)
  for (let from = 0; from < chunk.length; from += size) yield chunk.subarray(from, from + size)
}

function roomIn(sink: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sink.off('drain', done).off('close', done)
      resolve()
    }
    sink.once('drain', done).once('close', done)
  })
}
