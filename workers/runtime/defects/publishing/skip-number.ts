import { parseIdentity } from '#contracts/events/identity.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { PublishOutcome } from '#workers/broker/broker.ts'
import type { Defect, DefectiveBroker, HarmLog } from '../defect.ts'

const isSkipped = (seq: number): boolean => seq % 3 === 2

/** A message that is numbered and forgotten: neither sent nor reported, and whoever asked for it hears that the broker has it. */
export function skipNumber(log: HarmLog): Defect {
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    async publish(envelopes) {
      const isGone = (id: string): boolean => isSkipped(parseIdentity(id)?.seq ?? 0)
      const sent = envelopes.filter(({ id }) => !isGone(id))
      log.harmed(...envelopes.flatMap(({ id }) => (isGone(id) ? [id] : [])))
      const outcomes = (sent.length === 0 ? [] : await given.publish(sent)).values()
      const forgotten: PublishOutcome = { state: 'acked', ref: 'never sent' }
      return envelopes.flatMap(({ id }) => (isGone(id) ? forgotten : (outcomes.next().value ?? [])))
    },
  })
  return {
    broker,
    telemetry: ({ write }) => ({
      write: (records) =>
        write(
          records.flatMap((record): TelemetryRecord[] => {
            if (record.kind === 'publish.attempted') {
              const messages = record.messages.filter(({ seq }) => !isSkipped(seq))
              return messages.length === 0 ? [] : [{ ...record, messages }]
            }
            if (record.kind !== 'publish.settled') return [record]
            const outcomes = record.outcomes.filter(({ seq }) => !isSkipped(seq))
            return outcomes.length === 0 ? [] : [{ ...record, outcomes }]
          }),
        ),
    }),
  }
}
