import type { Defect, HarmLog } from '../defect.ts'

/** Messages that it makes up. */
const madeUp = 5

/** A burst that counts messages at its end that it never made. */
export function burstLies(log: HarmLog): Defect {
  return {
    telemetry: ({ write }) => ({
      write: (records) =>
        write(
          records.map((record) => {
            if (record.kind !== 'burst.progress' || record.state !== 'done') return record
            log.harmed(record.burstId)
            return { ...record, attempted: record.attempted + madeUp, acked: record.acked + madeUp }
          }),
        ),
    }),
  }
}
