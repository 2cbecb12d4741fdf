import type { LinkFault, OnHit } from '../link-fault.ts'
import { faultOnConnections, type LinkFaultOptions } from './victims-of.ts'

/**
 * Holds all bytes until the fault ends, then lets them go on. With a `timeoutMs`, a connection whose bytes were held for so
 * long is reset; 0 means never. A connection that says nothing is left alone.
 */
export function blackHole(options: LinkFaultOptions & { timeoutMs: number }, onHit: OnHit): LinkFault {
  const { timeoutMs } = options
  return faultOnConnections(options, ({ connection, gate }) => async (chunk) => {
    if (gate.isOpen) return chunk
    onHit()
    await gate.wait(timeoutMs === 0 ? Number.POSITIVE_INFINITY : timeoutMs)
    if (!gate.isOpen) connection.reset()
    return chunk
  })
}
