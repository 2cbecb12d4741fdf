import { hasBit } from './bit-plane.ts'

export type SettlementOutcome = 'delivered' | 'deadLettered' | 'lost'

/** Where a settled obligation is counted. */
export function settledCount(
  { delivered, deadLettered, lost }: Record<'delivered' | 'deadLettered' | 'lost', Uint32Array>,
  index: number,
): SettlementOutcome {
  if (hasBit(delivered, index)) return 'delivered'
  if (hasBit(deadLettered, index)) return 'deadLettered'
  if (hasBit(lost, index)) return 'lost'
  throw new Error('the obligation is not settled')
}
