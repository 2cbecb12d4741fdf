import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { LabPlan } from '#contracts/api/lab.ts'

export function labChangeEntry({ lines, failed }: LabPlan): Omit<EventLogEntry, 'seq' | 'at'> {
  const done = lines.filter(({ mark, what }) => mark !== '=' && what !== 'queue')
  const words = done.map(({ what, name, onApply }) => `${what} ${name} ${onApply}`)
  const shown = words.length > 5 ? [...words.slice(0, 5), `${words.length - 5} more`] : words
  const broken = failed.map(({ service, reason }) => `${service} did not start: ${reason}`)
  return {
    ...{ kind: 'lab', level: broken.length > 0 ? 'warn' : 'info' },
    message: `the lab was changed: ${[...shown, ...broken].join(', ') || 'nothing of it is another'}`,
  }
}
