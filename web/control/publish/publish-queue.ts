import type { AgentCommand } from '#contracts/protocols/agent.ts'
import type { CommandReply, OutgoingEvent, PublishResult } from '#contracts/protocols/worker.ts'
import { AgentSilent, AgentUnavailable } from '../problem/agent-unavailable.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import type { Gate } from './gate.ts'

/** Events in one command; commands on their way at once; events that wait or are on their way. */
export const publishBounds = {
  eventsPerCommand: 200,
  bytesPerCommand: 2 * 1024 * 1024,
  commands: 8,
  events: 20_000,
} as const
/** A publish whose outcome is not known after this long is answered as indeterminate, in milliseconds. */
export const publishDeadlineMs = 15_000

export interface PublishQueue {
  /** Resolves when the broker has acknowledged. Throws an `ApiProblem` otherwise, and within the deadline. */
  publish(event: OutgoingEvent, bytes: number): Promise<PublishResult>
  /** Takes no more; resolves when nothing is pending. */
  drain(): Promise<void>
}

/** What waits for one source, and its commands on their way. */
interface Lane {
  producer: string
  waiting: Waiting[]
  running: number
  scheduled: boolean
}

interface Waiting {
  event: OutgoingEvent
  bytes: number
  resolve: (result: PublishResult) => void
  reject: (problem: ApiProblem) => void
}

/**
 * Hands events to the sources that publish their types. What arrives for one in a turn of the event loop, or while all its commands are
 * on their way, travels in one command. OPEN → DRAINING: takes no more, what is pending is still answered.
 */
export function createPublishQueue(
  command: (service: string, command: AgentCommand, timeoutMs: number) => Promise<CommandReply>,
  publisherOf: (type: string) => string,
  gate: Pick<Gate, 'refusal' | 'add'>,
  /** Called with each message that is answered as acknowledged. */
  onAcked: (id: string) => void = () => undefined,
): PublishQueue {
  const lanes = new Map<string, Lane>()
  const byType = new Map<string, number>()
  const drained: (() => void)[] = []
  let pending = 0
  let draining = false

  const settle = ({ event }: Waiting): void => {
    pending -= 1
    const left = (byType.get(event.type) ?? 1) - 1
    if (left === 0) byType.delete(event.type)
    else byType.set(event.type, left)
    if (pending === 0) for (const done of drained.splice(0)) done()
  }

  const laneOf = (type: string): Lane => {
    const producer = publisherOf(type)
    const lane = lanes.get(producer) ?? { producer, waiting: [], running: 0, scheduled: false }
    lanes.set(producer, lane)
    return lane
  }

  const send = async (lane: Lane, batch: Waiting[]): Promise<void> => {
    lane.running += 1
    try {
      const events = batch.map(({ event }) => event)
      const reply = await command(lane.producer, { command: { kind: 'publish', events } }, publishDeadlineMs)
      for (const [index, entry] of batch.entries()) {
        const acked = answer(entry, reply, index)
        if (acked !== undefined) onAcked(acked)
      }
    } catch (error) {
      for (const { reject } of batch) reject(problemOf(error))
    } finally {
      lane.running -= 1
      for (const entry of batch) settle(entry)
      if (lane.waiting.length > 0) flush(lane)
    }
  }

  const flush = (lane: Lane): void => {
    const { waiting } = lane
    lane.scheduled = false
    while (waiting.length > 0 && lane.running < publishBounds.commands) {
      let bytes = 0
      let count = 0
      for (const entry of waiting) {
        if (
          count === publishBounds.eventsPerCommand ||
          (count > 0 && bytes + entry.bytes > publishBounds.bytesPerCommand)
        )
          break
        bytes += entry.bytes
        count += 1
      }
      void send(lane, waiting.splice(0, count))
    }
  }

  const countOf = (type?: string): number => (type === undefined ? pending : (byType.get(type) ?? 0))
  gate.add({ inFlight: (type) => ({ publishes: countOf(type) }) })

  return {
    publish(event, bytes) {
      if (draining)
        return Promise.reject(new ApiProblem('shutting_down', 'Faultline is stopping and takes no more events'))
      const refused = gate.refusal()
      if (refused !== undefined) return Promise.reject(new ApiProblem('broker_switching', refused))
      if (pending >= publishBounds.events) {
        return Promise.reject(
          new ApiProblem(
            'too_many_requests',
            `${pending} events wait for the producer; publish more slowly, or use a burst`,
          ),
        )
      }
      return new Promise((resolve, reject) => {
        pending += 1
        byType.set(event.type, (byType.get(event.type) ?? 0) + 1)
        const lane = laneOf(event.type)
        lane.waiting.push({ event, bytes, resolve, reject })
        if (lane.scheduled) return
        lane.scheduled = true
        setImmediate(flush, lane)
      })
    },
    drain() {
      draining = true
      return pending === 0 ? Promise.resolve() : new Promise((resolve) => drained.push(resolve))
    },
  }
}

/** Answers the id where the broker has the message. */
function answer({ resolve, reject }: Waiting, reply: CommandReply, index: number): string | undefined {
  const result = reply.ok ? reply.results?.[index] : undefined
  if (!reply.ok) reject(refused(reply.error))
  else if (!result) reject(indeterminate('the producer answered without an outcome for this event'))
  else if (result.state === 'acked') {
    resolve(result)
    return result.id
  } else {
    const reason = result.error?.message ?? 'the broker gave no reason'
    reject(result.state === 'failed' ? notSent(result.error?.type, reason) : indeterminate(reason, result.id))
  }
  return undefined
}

/** The same event fails again where the broker said that it is the event's fault. */
function notSent(type: string | undefined, reason: string): ApiProblem {
  const detail = `the event was certainly not sent: ${reason}`
  if (type === 'MessageTooLarge') return new ApiProblem('too_large', detail)
  if (type === 'InvalidKey') return inputProblem('invalid_body', [{ path: '/key', message: reason }])
  return new ApiProblem('publish_failed', detail)
}

/** A worker that died or fell silent that had received the command may have published; every other refusal comes before it. */
function refused({ type, message }: { type: string; message: string }): ApiProblem {
  if (type === 'WorkerGone' || type === 'CommandTimeout') return indeterminate(message)
  if (type === 'WorkerUnavailable') return new ApiProblem('producer_down', `${message}; try once more in a moment`)
  return new ApiProblem('publish_failed', `the producer did not take the event: ${message}`)
}

function indeterminate(reason: string, id?: string): ApiProblem {
  const named = id === undefined ? 'look for it in GET /api/messages' : `if it arrived, its id is ${id}`
  return new ApiProblem('publish_indeterminate', `${reason}; ${named} before you publish again`, {
    state: 'indeterminate',
    ...(id === undefined ? {} : { id }),
  })
}

function problemOf(error: unknown): ApiProblem {
  if (error instanceof AgentUnavailable && !(error instanceof AgentSilent)) {
    return new ApiProblem('producer_down', `${error.message}; its sidecar starts it again, try once more in a moment`)
  }
  return indeterminate(error instanceof Error ? error.message : String(error))
}
