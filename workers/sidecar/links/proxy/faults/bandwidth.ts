import type { Stage } from '../direction.ts'
import type { LinkFault, OnHit } from '../link-fault.ts'
import { faultOnConnections, type LinkFaultOptions } from './victims-of.ts'

/** Bytes go in pieces of so many milliseconds at the rate, so that connections share it and a slow rate flows evenly. */
const pieceMs = 20

/** All victims share `rateKBps` (1 KB = 1,000 bytes) in each direction. */
export function bandwidth(options: LinkFaultOptions & { rateKBps: number }, onHit: OnHit): LinkFault {
  const bytesPerMs = options.rateKBps
  const freeAt = { up: 0, down: 0 }
  return faultOnConnections(options, ({ gate }, way) => {
    const throttle = async (chunk: Buffer): Promise<Buffer> => {
      if (gate.isOpen) return chunk
      onHit()
      const now = performance.now()
      freeAt[way] = Math.max(now, freeAt[way]) + chunk.length / bytesPerMs
      await gate.wait(freeAt[way] - now)
      return chunk
    }
    return Object.assign(throttle, { pieceBytes: Math.max(1, Math.floor(bytesPerMs * pieceMs)) }) satisfies Stage
  })
}
