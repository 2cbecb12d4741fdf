import { build } from 'hdr-histogram-js'
import type { BurstProgressRecord } from '#contracts/protocols/telemetry.ts'
import type { BurstPlan, PublishResult } from '#contracts/protocols/worker.ts'
import type { Publisher, Source } from '#workers/runtime/publish/publisher.ts'
import { varyMessages } from '../../contracts/events/message-variation.ts'

export interface BurstDeps {
  publisher: Pick<Publisher, 'add' | 'remove' | 'wake'>
  report: (records: BurstProgressRecord[]) => void
  /** Epoch milliseconds with a fraction. */
  now: () => number
  newUuid: () => string
}

export interface BurstUnderWay {
  /** Makes no more messages; what is on the way is waited for. */
  stop(): void
  /** Resolves when the last message is settled and the final figures are reported. */
  readonly ended: Promise<void>
}

const tickMs = 5
const reportEveryMs = 250

/**
 * RUNNING → FINISHING → ENDED. RUNNING: arrival i is due at start + i / rate, whatever became of those before it; a late
 * scheduler catches up. The publisher takes what is due as long as it has room, so a lab that is slower than the rate
 * is late and its achieved rate says so. FINISHING: no more arrivals (all made, stopped, or the duration is over);
 * messages on the way are waited for. ENDED: the final figures are out.
 *
 * Acknowledgement percentiles run from the attempt to the broker's answer; the wait of a late arrival is not in them.
 */
export function startBurst(deps: BurstDeps, plan: BurstPlan): BurstUnderWay {
  const vary = varyMessages({ ...plan, newUuid: deps.newUuid })
  const startedAt = deps.now()
  const endsAt = plan.durationMs === undefined ? Number.POSITIVE_INFINITY : startedAt + plan.durationMs
  const total = plan.count ?? Math.max(1, Math.round(((plan.durationMs ?? 0) * plan.ratePerSecond) / 1_000))
  const ackMicros = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  })
  const settledAs = { acked: 0, failed: 0, indeterminate: 0 }
  let made = 0
  let attempted = 0
  let settled = 0
  let lastSettledAt = startedAt
  let state: BurstProgressRecord['state'] = 'running'
  let finishing = false
  let keyed = false
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })

  function due(): number {
    return Math.min(total, Math.floor(((deps.now() - startedAt) * plan.ratePerSecond) / 1_000) + 1)
  }

  const source: Source = {
    next() {
      if (finishing || made >= due()) return undefined
      const { body, key } = vary(made)
      made += 1
      if (key !== undefined) keyed = true
      const { type, topic, version, burstId } = plan
      return { type, topic, version, body, burstId, ...(key === undefined ? {} : { key }) }
    },
    attempted() {
      attempted += 1
    },
    settled(result: PublishResult, ackMs) {
      settled += 1
      settledAs[result.state] += 1
      if (result.state === 'acked') ackMicros.recordValue(Math.max(1, Math.round(ackMs * 1_000)))
      lastSettledAt = deps.now()
      finishWhenDone()
    },
  }

  function figures(): BurstProgressRecord {
    const running = state === 'running'
    const elapsedMs = Math.max(1, (running ? deps.now() : lastSettledAt) - startedAt)
    const percentile = (p: number) => (settledAs.acked === 0 ? null : ackMicros.getValueAtPercentile(p) / 1_000)
    return {
      kind: 'burst.progress',
      at: deps.now(),
      burstId: plan.burstId,
      state,
      attempted,
      ...settledAs,
      achievedPerSecond: (settledAs.acked * 1_000) / elapsedMs,
      ackP50Ms: percentile(50),
      ackP99Ms: percentile(99),
      keysUsed: keyed ? Math.min(attempted, plan.keys ?? attempted) : 0,
      elapsedMs,
    }
  }

  function finishWhenDone(): void {
    if (state !== 'running') return
    if (made >= total || deps.now() > endsAt) finishing = true
    if (!finishing || settled < made) return
    clearInterval(ticking)
    clearInterval(reporting)
    deps.publisher.remove(source)
    state = stopped ? 'stopped' : 'done'
    deps.report([figures()])
    end()
  }

  let stopped = false
  const ticking = setInterval(() => {
    deps.publisher.wake()
    finishWhenDone()
  }, tickMs)
  const reporting = setInterval(() => deps.report([figures()]), reportEveryMs)
  deps.publisher.add(source)
  deps.publisher.wake()

  return {
    stop() {
      if (finishing) return
      stopped = true
      finishing = true
      finishWhenDone()
    },
    ended,
  }
}
