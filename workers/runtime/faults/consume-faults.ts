import { ackLost } from '#contracts/faults/catalogue/ack-lost.ts'
import { messageDuplicate } from '#contracts/faults/catalogue/message-duplicate.ts'
import type { Broker, Delivery, DeliveryHandler, Settlement } from '#workers/broker/broker.ts'
import type { ActiveFaults } from './active-faults.ts'

/**
 * `subscribe` with faults: deliveries handed to the handler again, settlements withheld from the broker. What is withheld was
 * handled, effects included; the broker gives it out again by its own rules, as if the worker had died there.
 */
export function withConsumeFaults(subscribe: Broker['subscribe'], faults: ActiveFaults): Broker['subscribe'] {
  return (group, handle, options) =>
    subscribe(
      group,
      async (deliveries) => {
        const settlements = await handle(deliveries)
        await repeat(deliveries, handle, faults)
        return withheld(deliveries, settlements, faults)
      },
      options,
    )
}

async function repeat(deliveries: Delivery[], handle: DeliveryHandler, faults: ActiveFaults): Promise<void> {
  let again = deliveries.flatMap((delivery) => {
    const { envelope } = delivery
    if (!envelope) return []
    const copying = faults
      .hitting(messageDuplicate.type, envelope)
      .filter((fault) => messageDuplicate.params.parse(fault.params).stage === 'consume')
    for (const fault of copying) faults.hit(fault, envelope.id)
    const copies = copying.reduce((sum, fault) => sum + messageDuplicate.params.parse(fault.params).copies, 0)
    return copies > 0 ? [{ delivery, copies }] : []
  })
  for (let round = 1; again.length > 0; round += 1) {
    // What the handler says of a copy settles nothing: the original's word counts.
    await handle(again.map(({ delivery }) => ({ ...delivery, receiveCount: delivery.receiveCount + round })))
    again = again.filter(({ copies }) => copies > round)
  }
}

function withheld(deliveries: Delivery[], settlements: Settlement[], faults: ActiveFaults): Settlement[] {
  const losing = faults.of(ackLost.type).filter((fault) => ackLost.params.parse(fault.params).side === 'consume')
  if (losing.length === 0) return settlements
  for (const { envelope } of deliveries) for (const fault of losing) faults.hit(fault, envelope?.id)
  return deliveries.map(() => ({ kind: 'withheld' }))
}
