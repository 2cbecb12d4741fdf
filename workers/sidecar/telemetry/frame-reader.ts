import { frameHeaderBytes, frameKind, frameMaxBytes } from '#contracts/protocols/worker.ts'

export interface PipeFrame {
  kind: keyof typeof frameKind
  /** Of telemetry frames; 0 for others. */
  seq: number
  /** Of a process that hosts several services: whose it is. 0: the process's own. */
  seat: number
  body: Buffer<ArrayBuffer>
}

const kinds = new Map<number, PipeFrame['kind']>([
  [frameKind.telemetry, 'telemetry'],
  [frameKind.reply, 'reply'],
  [frameKind.state, 'state'],
])

/** What came through the pipe is no frame. Nothing after it can be read. */
export class BrokenFrame extends Error {
  override readonly name = 'BrokenFrame'
}

/** Cuts a stream of bytes into frames. Returns what takes the next chunk; that throws `BrokenFrame`. */
export function createFrameReader(onFrame: (frame: PipeFrame) => void): (chunk: Buffer) => void {
  let held: Buffer[] = []
  let heldBytes = 0
  let neededBytes = frameHeaderBytes

  return (chunk) => {
    held.push(chunk)
    heldBytes += chunk.length
    // A large frame comes in many chunks: they are joined once, not again and again.
    if (heldBytes < neededBytes) return
    let buffer = held.length === 1 ? chunk : Buffer.concat(held)
    for (;;) {
      neededBytes = frameHeaderBytes
      if (buffer.length < neededBytes) break
      const length = buffer.readUInt32BE(0)
      const kind = kinds.get(buffer.readUInt8(4))
      if (!kind) throw new BrokenFrame(`kind ${buffer.readUInt8(4)} is none of the protocol`)
      if (length > frameMaxBytes) throw new BrokenFrame(`a frame of ${length} bytes is longer than ${frameMaxBytes}`)
      neededBytes += length
      if (buffer.length < neededBytes) break
      // A copy, so that a frame that is kept does not keep the whole chunk.
      const body = Buffer.from(buffer.subarray(frameHeaderBytes, neededBytes))
      onFrame({ kind, seq: buffer.readUInt32BE(8), seat: buffer.readUInt32BE(4) & 0xffffff, body })
      buffer = buffer.subarray(neededBytes)
    }
    held = buffer.length === 0 ? [] : [buffer]
    heldBytes = buffer.length
  }
}
