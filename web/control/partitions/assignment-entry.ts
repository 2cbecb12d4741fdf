import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { GroupAssignedRecord } from '#contracts/protocols/telemetry.ts'

/** What the event log says of an assignment: rebalances are among the faults that caused them. */
export function assignmentEntry(record: GroupAssignedRecord): Omit<EventLogEntry, 'seq' | 'at'> {
  const { group, instance, generation, partitions, reason } = record
  const what = partitions.map(({ topic, partitions: numbers }) => `${topic} ${numbers.join(' ')}`).join(', ')
  const of = `generation ${generation} of ${group}`
  const message = {
    joined: `${instance} joined ${of} and reads ${what || 'nothing'}`,
    rebalanced: `${of}: ${instance} reads ${what || 'nothing'}`,
    left: `${instance} left ${group}`,
    lost: `${instance} lost its partitions of ${group}: the broker no longer counts it as a member`,
  }[reason]
  return { kind: 'service', level: reason === 'lost' ? 'warn' : 'info', message, subject: instance, group }
}
