import { drawOf } from '#contracts/faults/victims.ts'
import type { LinkFault, OnHit } from '../link-fault.ts'
import { faultOnConnections, type LinkFaultOptions } from './victims-of.ts'

/** Bytes come `latencyMs`, and up to `jitterMs` more, after they would have come; order holds, throughput stays. */
export function latency(options: LinkFaultOptions & { latencyMs: number; jitterMs: number }, onHit: OnHit): LinkFault {
  const { seed, latencyMs, jitterMs } = options
  return faultOnConnections(options, ({ number, gate }, way) => {
    let pieces = 0
    return async (chunk, arrivedAt) => {
      if (gate.isOpen) return chunk
      onHit()
      pieces += 1
      const delayMs = latencyMs + jitterMs * drawOf(seed, `${way} ${number} ${pieces}`)
      await gate.wait(arrivedAt + delayMs - performance.now())
      return chunk
    }
  })
}
