import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { Decode } from '../bodies/decode.ts'
import { errorInfoOf } from '../process/error-info.ts'
import type { CausedEvent, Emission, HandlerRun, KnownCause } from './caused-event.ts'
import { AttemptOver, WorkerStopping } from './emission-errors.ts'
import { type EmissionRun, type SendEmission, startRun } from './emission-run.ts'
import { type PrepareDeps, prepareEmission } from './prepare-emission.ts'
import type { Publisher } from './publisher.ts'
import { createSentBefore } from './sent-before.ts'

/** Publishes what handlers and programs of this process send, as one producer with numbers of its own. */
export interface Emitter {
  /**
   * Publishes an event at any time. With a cause, it is caused by that handler run while it lasts: the run is not over before the outcome
   * is known. Of a run that is over it is refused with `AttemptOver`, never published. Without one it begins a flow of its own. Never rejects.
   */
  publishCaused(event: CausedEvent, cause?: KnownCause): Promise<Emission>
  /** A handler begins. The consume loop calls it, for each run once. */
  begin(run: HandlerRun): EmissionRun
  /** Events handed to the broker whose outcome is open. */
  outstanding(): number
  /** Takes no more; resolves when everything on the way is settled, or after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

export interface EmitterDeps extends Pick<PrepareDeps, 'hopLimit'> {
  publisher: Pick<Publisher, 'publish' | 'outstanding' | 'drained'>
  decode: Decode
  /** Event types as they are now; waits for the first configuration. */
  eventTypes: () => Promise<ReadonlyMap<string, EventTypeDefinition>>
  /** Bounds of what is remembered of sent events. */
  remembers?: Parameters<typeof createSentBefore>[0]
}

/** RUNNING → STOPPING: refuses what is new, and waits for what the broker has not answered. */
export function createEmitter({ publisher, decode, eventTypes, hopLimit, remembers }: EmitterDeps): Emitter {
  const sentBefore = createSentBefore(remembers)
  /** Handler runs that last, by the id of their message, the latest last. */
  const open = new Map<string, EmissionRun[]>()
  let stopping = false

  async function publish(outgoing: Parameters<Publisher['publish']>[0]): Promise<Emission> {
    const { id, state, ref, error } = await publisher.publish(outgoing)
    if (state === 'acked') return { state, id, ...(ref === undefined ? {} : { ref }) }
    return { state, id, error: error ?? { type: 'NoResult', message: 'the broker gave no reason' } }
  }

  const send: SendEmission = async (outgoing, run, ordinal) => {
    if (run === undefined || ordinal === undefined) return publish(outgoing)
    const { envelope, group, attempt, receiveCount } = run
    const caused = { ...outgoing, cause: { id: envelope.id, group, attempt, receiveCount, ordinal } }
    if (outgoing.givenId === undefined) return publish(caused)
    const key = `${envelope.id}\n${outgoing.type}\n${outgoing.givenId}`
    // One that is on the way may fail: then this one goes in its place.
    for (let earlier = sentBefore.find(key); earlier !== undefined; earlier = sentBefore.find(key)) {
      const of = await earlier
      if (of !== undefined) return { state: 'suppressed', of }
    }
    const sending = publish(caused)
    sentBefore.add(
      key,
      sending.then((emission) => (emission.state === 'acked' ? emission.id : undefined)),
    )
    return sending
  }

  const prepare = async (event: CausedEvent, run: HandlerRun | undefined) => {
    const types = await eventTypes()
    return prepareEmission(event, run, { typeOf: (name) => types.get(name), decode, hopLimit })
  }

  return {
    async publishCaused(event, cause) {
      const refused = (error: Error): Emission => ({ state: 'refused', error: errorInfoOf(error) })
      if (stopping) return refused(new WorkerStopping('the worker is stopping and publishes no more'))
      if (cause === undefined) {
        return prepare(event, undefined).then((outgoing) => send(outgoing, undefined, undefined), refused)
      }
      const run = open.get(cause.id)?.findLast(({ run: { attempt, receiveCount } }) => {
        return attempt === (cause.attempt ?? attempt) && receiveCount === (cause.receiveCount ?? receiveCount)
      })
      if (run !== undefined) return run.publish(event)
      return refused(new AttemptOver(`the handling of ${cause.id} is over, so that nothing more is published for it`))
    },
    begin(of) {
      const { id } = of.envelope
      const run = startRun(of, {
        prepare,
        send,
        onClosed: () => {
          const others = (open.get(id) ?? []).filter((one) => one !== run)
          if (others.length === 0) open.delete(id)
          else open.set(id, others)
        },
      })
      open.set(id, [...(open.get(id) ?? []), run])
      return run
    },
    outstanding: publisher.outstanding,
    async stop(graceMs) {
      stopping = true
      let timer: NodeJS.Timeout | undefined
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs)
      })
      await Promise.race([publisher.drained(), grace])
      clearTimeout(timer)
    },
  }
}
