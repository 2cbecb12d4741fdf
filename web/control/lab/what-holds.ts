import type { Burst } from '#contracts/api/burst.ts'

/** Why an event type cannot be removed now; undefined where it can. */
export function whatHolds(lab: {
  /** Messages that are not settled, by type. */
  unsettled: () => Record<string, number>
  /** Publishes of the type without an answer. */
  pending: (type: string) => number
  bursts: () => readonly Burst[]
}): (type: string) => string | undefined {
  return (type) => {
    const unsettled = (lab.unsettled()[type] ?? 0) + lab.pending(type)
    if (unsettled > 0) return `${unsettled} messages of ${type} are not settled yet; wait until they are`
    const burst = lab.bursts().find((entry) => entry.type === type && entry.state === 'running')
    return burst && `${burst.id} publishes ${type}; stop it first`
  }
}
