import type { LinkFault, OnHit } from '../link-fault.ts'
import { faultOnConnections, type LinkFaultOptions, type Victim } from './victims-of.ts'

/**
 * What comes back from the far end never arrives, while requests reach it. A connection that lost bytes cannot go on, so at
 * the end those are reset.
 */
export function swallowAnswers(options: Omit<LinkFaultOptions, 'direction'>, onHit: OnHit): LinkFault {
  const robbed = new Set<Victim>()
  return faultOnConnections(
    { ...options, direction: 'down' },
    (victim) => (chunk) => {
      if (victim.gate.isOpen) return chunk
      onHit()
      robbed.add(victim)
      return undefined
    },
    {
      onEnd(victims) {
        for (const victim of victims) if (robbed.has(victim)) victim.connection.reset()
      },
    },
  )
}
