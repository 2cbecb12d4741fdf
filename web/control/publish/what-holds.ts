import type { Gate } from './gate.ts'

/** Why an event type cannot be removed now; undefined if it can. */
export function whatHolds(lab: {
  /** Messages that are not settled, by type. */
  unsettled: () => Record<string, number>
  gate: Pick<Gate, 'inFlight'>
}): (type: string) => string | undefined {
  return (type) => {
    const { publishes, bursts } = lab.gate.inFlight(type)
    const unsettled = (lab.unsettled()[type] ?? 0) + publishes
    if (unsettled > 0) return `${unsettled} messages of ${type} are not settled yet; wait until they are`
    const [burst] = bursts
    return burst && `${burst} publishes ${type}; stop it first`
  }
}
