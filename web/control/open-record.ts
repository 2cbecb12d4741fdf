import { join } from 'node:path'
import type { Logger } from 'pino'
import type { LabPlan } from '#contracts/api/lab.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { labChangeEntry } from './event-log/lab-change-entry.ts'
import type { Observatory } from './observatory.ts'
import { type ActedParts, recordedParts } from './record/recorded-parts.ts'
import { openRecordings, type Recordings } from './record/recordings.ts'

export interface OpenRecord {
  recordings: Recordings
  /** The same parts; what is asked of them is recorded. Runs have the parts themselves, so that only what people do is recorded. */
  over(parts: ActedParts): ActedParts
  /** Call it with each change of the lab file. */
  labChanged(plan: LabPlan): void
}

/** Recordings of what is done by the API. */
export async function openRecord(parts: {
  dataDir: string
  observatory: Observatory
  broker: { name(): BrokerName }
  log: Logger
}): Promise<OpenRecord> {
  let wasSeen: (fault: string) => boolean = () => true
  const recordings = await openRecordings({
    ...{ folder: join(parts.dataDir, 'state'), report: parts.observatory.report, broker: parts.broker.name },
    ...{ wasSeen: (fault) => wasSeen(fault), log: parts.log },
  })
  return {
    recordings,
    over(acted) {
      wasSeen = (id) => {
        const found = acted.faults.list().find((fault) => fault.id === id)
        return found === undefined || found.observedAt !== undefined
      }
      return recordedParts(acted, recordings.tell)
    },
    labChanged: (plan) =>
      recordings.tell({
        kind: 'other',
        at: Date.now(),
        what: `${labChangeEntry(plan).message}; a scenario leaves services as they are`,
      }),
  }
}
