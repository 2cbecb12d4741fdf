import type { Burst } from '#contracts/api/burst.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import type { Coverage } from '../ledger/coverage.ts'
import { isNameMissing } from './judge.ts'

/** Answers that wait for the watermark at most; while it does not move, the oldest go unchecked and telemetry's own gap is reported. */
const waitingMax = 20_000

/** What a producer answered: to whoever published one event, or for a burst at its end. */
export interface AnswerWatch {
  /** The caller was answered that the broker has the message. */
  acked(id: string): void
  /** A burst ended with these figures. */
  burstEnded(burst: Pick<Burst, 'id' | 'type' | 'startedAt' | 'attempted' | 'acked'>): void
  /** What is known to nobody but the answer, though its time is over: to be entered. */
  decide(): Resolution[]
}

interface Answer {
  id: string
  /** The service that published it. */
  producer: string
  at: number
}
interface BurstAnswer extends Answer {
  startedAt: number
  attempted: number
  acked: number
}

/**
 * The fourth witness. A worker reports an attempt before it calls the broker, so what was answered and is not reported once telemetry has
 * reported past the answer was never reported. Where telemetry of its producer has a gap nothing is judged.
 */
export function createAnswerWatch(
  context: Pick<ApplyContext, 'ledger' | 'hasGap' | 'now' | 'serviceOf'>,
  coverage: Pick<Coverage, 'of'>,
  publisherOf: (type: string) => string,
): AnswerWatch {
  const { ledger, hasGap, now } = context
  let answers: Answer[] = []
  let bursts: BurstAnswer[] = []

  const unknownOf = ({ id, attempted, acked }: BurstAnswer): number => {
    const reported = ledger.bursts.of(id)
    return Math.max(attempted - (reported?.attempted ?? 0), acked - (reported?.acked ?? 0) - (reported?.reused ?? 0))
  }

  return {
    acked(id) {
      answers.push({ id, producer: context.serviceOf(id.slice(0, id.indexOf(':'))), at: now() })
      if (answers.length > waitingMax) answers = answers.slice(waitingMax / 2)
    },
    burstEnded({ id, type, startedAt, attempted, acked }) {
      const producer = publisherOf(type)
      bursts.push({ id, producer, startedAt: Date.parse(startedAt), attempted, acked, at: now() })
    },
    decide() {
      const isOver = ({ producer, at }: { producer: string; at: number }): boolean =>
        at <= (coverage.of(producer) ?? Number.NEGATIVE_INFINITY)
      const [over, ended] = [answers.filter(isOver), bursts.filter(isOver)]
      if (over.length > 0) answers = answers.filter((answer) => !isOver(answer))
      if (ended.length > 0) bursts = bursts.filter((burst) => !isOver(burst))
      return [
        ...over.flatMap(({ id, producer, at }): Resolution[] =>
          !hasGap(producer) && isNameMissing(ledger, id) ? [{ what: 'unsent', id, at }] : [],
        ),
        ...ended.flatMap((burst): Resolution[] => {
          const isUntold = hasGap(burst.producer) || burst.startedAt < ledger.bursts.wholeSince
          const count = isUntold ? 0 : unknownOf(burst)
          return count > 0 ? [{ what: 'unsent', id: burst.id, at: burst.at, count }] : []
        }),
      ]
    },
  }
}
