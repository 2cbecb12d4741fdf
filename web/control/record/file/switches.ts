import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Act } from '../act.ts'

/** A switch of the broker as a step can do it again. */
export interface RecordedSwitch {
  /** Milliseconds into the recording: when the lab ceased to take messages, as far as that is known. */
  at: number
  broker: BrokerName
  abandon?: true
}

/**
 * The switches that were carried out, with what was said of them while they drained. One that was cancelled or taken back is left out, and
 * `remark` is called with it. `acts` are in the order of their times.
 */
export function recordedSwitchesOf(acts: readonly Act[], remark: (text: string) => void): RecordedSwitch[] {
  const found: RecordedSwitch[] = []
  let isLeftOut = false
  for (const act of acts) {
    if (act.kind !== 'broker') continue
    const { at, broker, abandon, joins } = act
    if (!joins) {
      const end = acts.find((one) => one.kind === 'switched' && one.at >= at && one.broker === broker)
      const outcome = end?.kind === 'switched' ? end.outcome : 'done'
      isLeftOut = outcome !== 'done'
      if (isLeftOut)
        remark(
          `at ${(at / 1_000).toFixed(1)} s a switch to ${broker} was begun and ${outcome.replace('_', ' ')}; it is left out`,
        )
      else found.push({ at: end?.at ?? at, broker, ...(abandon ? { abandon } : {}) })
    } else if (!isLeftOut) found.push({ at, broker, ...(abandon ? { abandon } : {}) })
  }
  return found
}
