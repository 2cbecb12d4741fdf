import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { errorInfoOf } from '../process/error-info.ts'
import type { CausedEvent, Emission, HandlerRun } from './caused-event.ts'
import { AttemptOver, HopLimitReached } from './emission-errors.ts'
import { emissionProblemOf } from './emission-problem.ts'
import type { Outgoing } from './publisher.ts'

/** An event that was not sent again, since message `of` represents it. */
export interface Suppressed {
  type: string
  givenId: string
  of: string
}

/** Why an attempt whose handler is done failed all the same. */
export interface EmissionProblem {
  error: ErrorInfo
  /** An event would have passed the hop limit: its cause is given up at once, whatever the retry policy. */
  isExpired: boolean
}

/** What one handler run publishes: while it lasts, and what it has sent when it is done. */
export interface EmissionRun {
  readonly run: HandlerRun
  /** Publishes at once while the run lasts; refused with `AttemptOver` afterwards. Never rejects. */
  publish(event: CausedEvent): Promise<Emission>
  /** The handler has failed, or is waited for no longer: nothing more is published for it. */
  abandon(): void
  /**
   * The handler is done: takes nothing more, publishes what it has sent and waits for all that the run published. Undefined when the broker
   * has it all; else why not. Where one of `events` cannot be published, none of them is. Once `interrupted` aborts none is sent any more.
   */
  settle(events: readonly CausedEvent[], interrupted: AbortSignal): Promise<EmissionProblem | undefined>
  /** Events that the run did not send again, at most 100. */
  suppressed(): Suppressed[]
}

/** Publishes a prepared event; `ordinal` is its place among those of its type in the run. */
export type SendEmission = (
  outgoing: Outgoing,
  run: HandlerRun | undefined,
  ordinal: number | undefined,
) => Promise<Emission>

interface RunDeps {
  prepare: (event: CausedEvent, run: HandlerRun) => Promise<Outgoing>
  send: SendEmission
  /** It takes nothing more. */
  onClosed: () => void
}

const suppressedMax = 100

/** LASTING: takes events. SETTLING: the handler is done, what is on the way is waited for. OVER: the attempt failed before that. */
type State = 'lasting' | 'settling' | 'over'

export function startRun(run: HandlerRun, { prepare, send, onClosed }: RunDeps): EmissionRun {
  const ordinals = new Map<string, number>()
  const suppressed: Suppressed[] = []
  /** Those that were published while the handler ran and have no outcome yet. */
  const pending = new Set<Promise<Emission>>()
  let state: State = 'lasting'
  let expired: ErrorInfo | undefined

  function enter(next: State): void {
    if (state === 'lasting') onClosed()
    state = next
  }

  async function sendNext(outgoing: Outgoing): Promise<Emission> {
    const { type, givenId } = outgoing
    const ordinal = (ordinals.get(type) ?? 0) + 1
    ordinals.set(type, ordinal)
    const emission = await send(outgoing, run, ordinal)
    if (emission.state === 'suppressed' && givenId !== undefined && suppressed.length < suppressedMax)
      suppressed.push({ type, givenId, of: emission.of })
    return emission
  }

  function over(): Emission {
    const { attempt, envelope } = run
    const error = new AttemptOver(`attempt ${attempt} of ${envelope.id} is over: nothing more is published for it`)
    return { state: 'refused', error: errorInfoOf(error) }
  }

  async function publish(event: CausedEvent): Promise<Emission> {
    try {
      const outgoing = await prepare(event, run)
      // The attempt may have failed meanwhile.
      return state === 'over' ? over() : await sendNext(outgoing)
    } catch (error) {
      if (error instanceof HopLimitReached) expired ??= errorInfoOf(error)
      return { state: 'refused', error: errorInfoOf(error) }
    }
  }

  return {
    run,
    async publish(event) {
      if (state !== 'lasting') return over()
      const emission = publish(event)
      pending.add(emission)
      void emission.then(() => pending.delete(emission))
      return emission
    },
    abandon: () => enter('over'),
    async settle(events, interrupted) {
      enter('settling')
      const earlier = Promise.all(pending)
      let outgoing: Outgoing[] = []
      let problem: EmissionProblem | undefined
      try {
        outgoing = await Promise.all(events.map((event) => prepare(event, run)))
        if (interrupted.aborted) throw interrupted.reason
      } catch (error) {
        outgoing = []
        problem = { error: errorInfoOf(error), isExpired: error instanceof HopLimitReached }
      }
      const emissions = await Promise.all([...outgoing.map(sendNext), earlier])
      if (expired !== undefined) return { error: expired, isExpired: true }
      if (problem !== undefined) return problem
      for (const emission of emissions.flat()) {
        const error = emissionProblemOf(emission)
        if (error !== undefined) return { error, isExpired: false }
      }
      return undefined
    },
    suppressed: () => suppressed,
  }
}
