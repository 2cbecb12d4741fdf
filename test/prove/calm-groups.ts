import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { ServiceStatus } from '#contracts/api/live.ts'
import { consumersIn } from '#contracts/lab.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'

const consumers = consumersIn(await loadLab(defaultLabFile(process.cwd())))

const generation = /generation (\d+) of (\S+)/

const isChange = ({ subject, message }: EventLogEntry): boolean =>
  subject !== undefined && / (joined|left|lost|reads) /.test(message)

/** Members look once a second for topics that came, and join again where some did: so long nothing must have changed. */
export const quietMs = 4_000

/** When a group shared out its partitions last, epoch milliseconds; 0 if none ever did. */
export const lastChange = (events: readonly EventLogEntry[]): number =>
  Math.max(0, ...events.filter(isChange).map(({ at }) => Date.parse(at)))

/**
 * Whether every running member of each group reads by one and the same assignment. Until then a message may be delivered again,
 * though no fault has happened: a member that joins takes partitions from those that are there.
 */
export function areCalm(events: readonly EventLogEntry[], services: readonly ServiceStatus[]): boolean {
  const last = new Map<string, string | undefined>()
  // Newest last, so that what is found last is kept.
  for (const { subject = '', message } of events.filter(isChange).sort((a, b) => a.seq - b.seq)) {
    last.set(subject, generation.exec(message)?.[1])
  }
  const groups = new Set(consumers.map(({ name }) => name))
  return services.every(({ name, replicas }) => {
    if (!groups.has(name)) return true
    const generations = replicas.map(({ instance, state }) => (state === 'up' ? last.get(instance) : undefined))
    return generations.length > 0 && generations.every((one) => one !== undefined && one === generations[0])
  })
}
