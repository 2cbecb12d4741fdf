import { watchActs } from './event-log/acts.ts'
import type { EventLog } from './event-log/event-log.ts'
import { watchLifecycle } from './event-log/lifecycle.ts'
import type { Observatory } from './observatory.ts'
import { takeWatchdogNote, watchdogPath } from './process/watchdog.ts'

type ActSources = ReturnType<Parameters<typeof watchActs>[0]>
type LifecycleSources = ReturnType<Parameters<typeof watchLifecycle>[0]>

interface EventLogParts {
  events: EventLog
  bursts: { recent(): ActSources['bursts'] }
  redrives: { list(): ActSources['redrives'] }
  observatory: Pick<Observatory, 'publishedByType' | 'services'>
  parts: () => LifecycleSources['parts']
  dataDir: string
  version: string
}

/** Writes down that the control plane started, why it was ended before where its watchdog did that, and from then on what is done and what comes and goes. Answers what ends that. */
export function logLabEvents({ events, bursts, redrives, observatory, parts, dataDir, version }: EventLogParts) {
  const stopActs = watchActs(
    () => ({ bursts: bursts.recent(), redrives: redrives.list(), published: observatory.publishedByType() }),
    events,
  )
  const stopLifecycle = watchLifecycle(() => ({ services: observatory.services(), parts: parts() }), events)
  const blocked = takeWatchdogNote(watchdogPath(dataDir))
  if (blocked !== undefined) events.add({ kind: 'lab', level: 'error', message: blocked })
  events.add({ kind: 'lab', level: 'info', message: `the control plane started (version ${version})` })
  return () => {
    stopLifecycle()
    stopActs()
  }
}
