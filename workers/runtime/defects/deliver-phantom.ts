import { formatIdentity, parseIdentity } from '#contracts/events/identity.ts'
import type { Delivery } from '#workers/broker/broker.ts'
import { type Defect, defectIdsOf, type HarmLog, oneIn, withHandle } from './defect.ts'

/** A replica of the producer that no lab has. */
const nobody = 'producer-999'

/** A bug in the decoder that makes two events of one: the second has an identity of its own, which nobody published. */
export function deliverPhantom(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  return {
    broker: withHandle((handle) => async (deliveries) => {
      const phantoms = deliveries.filter(({ receiveCount }) => receiveCount === 1 && isChosen()).flatMap(phantomOf)
      log.harmed(...defectIdsOf(phantoms))
      const said = await handle([...deliveries, ...phantoms])
      return said.slice(0, deliveries.length)
    }),
  }
}

function phantomOf(delivery: Delivery): Delivery[] {
  const { envelope } = delivery
  const identity = envelope && parseIdentity(envelope.id)
  if (!envelope || !identity) return []
  return [{ ...delivery, envelope: { ...envelope, id: formatIdentity({ ...identity, producer: nobody }) } }]
}
