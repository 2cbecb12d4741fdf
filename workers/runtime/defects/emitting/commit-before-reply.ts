import { type Defect, type DefectiveBroker, defectIdsOf, type HarmLog, onAcked } from '../defect.ts'
import { withRuns } from './with-runs.ts'

/** The message is done first, and what its handler sent is published only when the broker has confirmed that: a crash between loses it. */
export function commitBeforeReply(log: HarmLog): Defect {
  const waiting = new Map<string, () => void>()
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    subscribe: (group, handle, options) =>
      given.subscribe(
        group,
        handle,
        onAcked(options, (deliveries) => {
          const replies = defectIdsOf(deliveries).filter((id) => waiting.has(id))
          log.harmed(...replies)
          // After the broker's word was reported, as it was given.
          setImmediate(() => {
            for (const id of replies) {
              waiting.get(id)?.()
              waiting.delete(id)
            }
          })
        }),
      ),
  })
  return {
    broker,
    emitter: withRuns((run) => ({
      ...run,
      async settle(events, interrupted) {
        if (events.length === 0) return run.settle(events, interrupted)
        const { id } = run.run.envelope
        waiting.set(id, () => {
          void run.settle(events, interrupted).then((problem) => {
            if (problem === undefined) log.mended(id)
          })
        })
        return undefined
      },
    })),
  }
}
