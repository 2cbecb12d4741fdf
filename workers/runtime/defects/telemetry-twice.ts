import type { Defect, HarmLog } from './defect.ts'

/** A report that is written again because nobody noted that it was written. Its frames have numbers of their own. */
export function telemetryTwice(log: HarmLog): Defect {
  return {
    telemetry: ({ write }) => ({
      write(records) {
        write(records)
        const again = records.filter(({ kind }) => kind === 'delivery.started' || kind === 'delivery.ended')
        for (const record of again)
          if (record.kind === 'delivery.ended') log.harmed(...record.deliveries.map(({ id }) => id))
        write(again)
      },
    }),
  }
}
