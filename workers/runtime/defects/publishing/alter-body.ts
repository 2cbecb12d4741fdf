import type { Defect, DefectiveBroker, HarmLog } from '../defect.ts'
import { oneIn } from '../defect.ts'

/** Something between producer and broker that writes bodies again: in one in three a value is another. */
export function alterBody(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    publish: (envelopes) =>
      given.publish(
        envelopes.map((envelope) => {
          if (!isChosen()) return envelope
          log.harmed(envelope.id)
          const data: object = JSON.parse(envelope.body)
          return { ...envelope, body: JSON.stringify({ ...data, email: 'altered@example.net' }) }
        }),
      ),
  })
  return { broker }
}
