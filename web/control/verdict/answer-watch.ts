import type { Burst } from '#contracts/api/burst.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import type { Coverage } from '../ledger/coverage.ts'
import { isMissing } from './judge.ts'

/** Answers that wait for the watermark at most; while it stands still, the oldest go unchecked and telemetry's own gap is told. */
const waitingMax = 20_000

/** What a producer answered: to whoever published one event, or for a burst at its end. */
export interface AnswerWatch {
  /** The asker was told that the broker has the message. */
  acked(id: string): void
  /** A burst ended with these figures. */
  burstEnded(burst: Pick<Burst, 'id' | 'startedAt' | 'attempted' | 'acked'>): void
  /** What is known to nobody but the answer, though its time is over: to be entered. */
  decide(): Resolution[]
}

/**
 * The fourth witness. A worker reports an attempt before it calls the broker, so what was answered and is not told once telemetry has
 * reported past the answer was never told. Where telemetry of the producer has a gap nothing is judged.
 */
export function createAnswerWatch(
  context: Pick<ApplyContext, 'ledger' | 'hasGap' | 'now'>,
  coverage: Pick<Coverage, 'of'>,
  producer: string,
): AnswerWatch {
  const { ledger, hasGap, now } = context
  let answers: { id: string; at: number }[] = []
  let bursts: { id: string; startedAt: number; attempted: number; acked: number; at: number }[] = []

  const unknownOf = ({ id, attempted, acked }: (typeof bursts)[number]): number => {
    const told = ledger.bursts.of(id)
    return Math.max(attempted - (told?.attempted ?? 0), acked - (told?.acked ?? 0) - (told?.reused ?? 0))
  }

  return {
    acked(id) {
      answers.push({ id, at: now() })
      if (answers.length > waitingMax) answers = answers.slice(waitingMax / 2)
    },
    burstEnded({ id, startedAt, attempted, acked }) {
      bursts.push({ id, startedAt: Date.parse(startedAt), attempted, acked, at: now() })
    },
    decide() {
      const covered = coverage.of(producer) ?? Number.NEGATIVE_INFINITY
      const isOver = ({ at }: { at: number }): boolean => at <= covered
      // They are in the order of their times.
      const first = answers.findIndex((answer) => !isOver(answer))
      const over = answers.splice(0, first < 0 ? answers.length : first)
      const ended = bursts.filter(isOver)
      bursts = bursts.filter((burst) => !isOver(burst))
      if (hasGap(producer)) return []
      return [
        ...over.flatMap(({ id, at }): Resolution[] => (isMissing(ledger, id) ? [{ what: 'unsent', id, at }] : [])),
        ...ended.flatMap((burst): Resolution[] => {
          const count = burst.startedAt < ledger.bursts.wholeSince ? 0 : unknownOf(burst)
          return count > 0 ? [{ what: 'unsent', id: burst.id, at: burst.at, count }] : []
        }),
      ]
    },
  }
}
