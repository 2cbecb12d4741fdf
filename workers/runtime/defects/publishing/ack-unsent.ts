import type { Defect, DefectiveBroker, HarmLog } from '../defect.ts'

/** The error of a send is logged and forgotten: whoever published is answered that the broker has it. */
export function ackUnsent(log: HarmLog): Defect {
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    async publish(envelopes) {
      const outcomes = await given.publish(envelopes)
      return outcomes.map((outcome, index) => {
        const envelope = envelopes[index]
        if (outcome.state !== 'failed' || !envelope) return outcome
        log.harmed(envelope.id)
        return { state: 'acked', ref: 'never sent' }
      })
    },
  })
  return { broker }
}
