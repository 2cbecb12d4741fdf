import type { AuditReport } from '#contracts/api/audit.ts'
import type { Burst } from '#contracts/api/burst.ts'
import type { Redrive } from '#contracts/api/dead-letter.ts'
import type { EventLog } from './event-log.ts'

type Entry = Parameters<EventLog['add']>[0]

/** What the log says of work that was asked for, as one value to compare with the next. */
export interface ActsSight {
  bursts: readonly Burst[]
  redrives: readonly Redrive[]
  /** Acknowledged publishes by event type, those of bursts included. */
  published: Readonly<Record<string, number>>
}

const count = (value: number): string => value.toLocaleString('en-US')
const many = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`

/** Bursts and redrives that began or ended between two sights. */
export function runEntries(before: ActsSight, after: ActsSight): Entry[] {
  return [
    ...after.bursts.flatMap((one) =>
      changed(
        before.bursts.find(({ id }) => id === one.id),
        one,
        burstEntry,
      ),
    ),
    ...after.redrives.flatMap((one) =>
      changed(
        before.redrives.find(({ id }) => id === one.id),
        one,
        redriveEntry,
      ),
    ),
  ]
}

function changed<Run extends { state: string }>(
  before: Run | undefined,
  after: Run,
  entry: (run: Run) => Entry | undefined,
): Entry[] {
  const found = before?.state === after.state ? undefined : entry(after)
  return found ? [found] : []
}

function burstEntry(burst: Burst): Entry {
  const { type, state, requested, ratePerSecond, attempted, acked, reason } = burst
  const because = reason === undefined ? '' : `: ${reason}`
  const sum = `${count(attempted)} of ${count(requested)} ${type} attempted, ${count(acked)} acknowledged`
  const message = {
    running: `a burst of ${many(requested, `${type} message`)} began, ${count(ratePerSecond)} a second`,
    done: `a burst ended: ${sum}`,
    stopped: `a burst was stopped: ${sum}`,
    interrupted: `a burst was interrupted: ${sum}`,
  }[state]
  const short = state === 'done' && attempted < requested
  return {
    ...{ kind: 'publish', subject: type, message: message + because },
    level: state === 'interrupted' || short ? 'warn' : 'info',
  }
}

function redriveEntry({ state, selected, willRun, redriven, failed, gone, detail }: Redrive): Entry | undefined {
  const because = detail === undefined ? '' : `: ${detail}`
  const sum = `${count(redriven)} of ${many(selected, 'dead letter')} sent back${failed + gone === 0 ? '' : `, ${count(failed + gone)} not`}`
  const message = {
    dry_run: undefined,
    awaiting_canary: undefined,
    running: `a redrive of ${many(selected, 'dead letter')} began, to ${willRun.join(' and ')}`,
    done: `a redrive ended: ${sum}`,
    stopped: `a redrive was stopped: ${sum}${because}`,
    failed: `a redrive failed: ${sum}${because}`,
    interrupted: `a redrive was interrupted: ${sum}${because}`,
  }[state]
  if (message === undefined) return undefined
  const [only, ...others] = willRun
  return {
    ...{ kind: 'redrive', message, level: state === 'failed' || state === 'interrupted' ? 'warn' : 'info' },
    ...(only === undefined || others.length > 0 ? {} : { subject: only }),
  }
}

/** One entry for all single publishes between two sights; those of bursts have entries of their own. */
export function publishEntries(before: ActsSight, after: ActsSight): Entry[] {
  const ofBursts = (sight: ActsSight, type: string): number =>
    sight.bursts.reduce((sum, burst) => sum + (burst.type === type ? burst.acked : 0), 0)
  const found = Object.keys(after.published)
    .map((type) => {
      const all = (after.published[type] ?? 0) - (before.published[type] ?? 0)
      return { type, single: all - Math.max(0, ofBursts(after, type) - ofBursts(before, type)) }
    })
    .filter(({ single }) => single > 0)
  const [only, ...others] = found
  if (only === undefined) return []
  const sum = found.reduce((total, { single }) => total + single, 0)
  const types = found.map(({ type, single }) => `${type} ${count(single)}`).join(', ')
  if (others.length === 0) {
    const message = sum === 1 ? `1 ${only.type} was published` : `${count(sum)} ${only.type} were published`
    return [{ kind: 'publish', level: 'info', message, subject: only.type }]
  }
  return [{ kind: 'publish', level: 'info', message: `${count(sum)} messages were published: ${types}` }]
}

export function auditEntry({ verdict, tookMs }: Pick<AuditReport, 'verdict' | 'tookMs'>): Entry {
  const { result, reasons } = verdict
  const why = reasons[0] === undefined ? '' : `: ${reasons[0]}`
  return {
    ...{ kind: 'audit', level: result === 'fail' ? 'error' : result === 'pass' ? 'info' : 'warn' },
    message: `an audit of ${(tookMs / 1_000).toFixed(1)} s ended in ${result}${why}`,
  }
}

/** Dead letters that somebody removed for good. */
export const discardEntry = (group: string, removed: number): Entry => ({
  ...{ kind: 'redrive', level: 'warn', subject: group },
  message: `${many(removed, 'dead letter')} of ${group} ${removed === 1 ? 'was' : 'were'} discarded`,
})

/** How often is looked for runs that began or ended, and for publishes, in milliseconds. */
const runsEveryMs = 500
const publishesEveryMs = 10_000

/** Logs what was asked of the lab, until the returned function is called. What runs when it begins is not logged as new. */
export function watchActs(look: () => ActsSight, events: EventLog): () => void {
  const sight = (): ActsSight => structuredClone(look())
  let runs = sight()
  let publishes = runs
  const tell = (entries: Entry[]): void => {
    for (const found of entries) events.add(found)
  }
  const timers = [
    setInterval(() => {
      const after = sight()
      tell(runEntries(runs, after))
      runs = after
    }, runsEveryMs),
    setInterval(() => {
      const after = sight()
      tell(publishEntries(publishes, after))
      publishes = after
    }, publishesEveryMs),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}
