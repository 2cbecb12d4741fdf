import { scopeAt } from '../deduplication-scope.ts'
import {
  type AcceptOutcome,
  DeclarationsChanged,
  type NewMessage,
  OutcomeUnknown,
  StoreUnavailable,
} from '../queue-store.ts'
import type { Keys } from './keys.ts'
import type { Known, KnownQueue } from './known.ts'
import { packMessage } from './message-content.ts'
import { LinkBroken } from './refusal.ts'
import { acceptScript } from './scripts/accept.ts'
import type { RedisSession, ScriptCall } from './session.ts'

export interface LaneDeps {
  session: RedisSession
  keys: Keys
  /** Name of this process among all senders. */
  sender: string
  clock: () => string
  /** The time of this process, near that of the server. */
  now: () => number
  /** Called with what was accepted: the queue, and in how many milliseconds it is visible. */
  taken: (queue: string, delayMs: number) => void
  /** For how long a send without an answer is tried again before nobody knows. */
  doubtMs: number
}

interface Entry {
  messages: NewMessage[]
  basedOn: unknown
  characters: number
  resolve: (outcomes: AcceptOutcome[]) => void
  reject: (error: unknown) => void
}

interface AcceptCall extends ScriptCall {
  /** For each queue, in how many milliseconds its first message is visible. */
  soonest: Map<string, number>
  /** The messages that are sent, in order; those without a queue are not. */
  messages: NewMessage[]
}

/** Most that goes out in one script: messages, and characters of their texts. */
const batchMessages = 256
const batchCharacters = 1_048_576
/** Characters that may wait while Redis is slow; beyond, sends are refused at once. */
const waitingCharacters = 67_108_864

/**
 * Sends messages one script at a time, all that came in meanwhile in the next (group commit). Each script has a number
 * that Redis keeps, so that one whose answer was lost with the connection is sent again and taken once.
 */
export class AcceptLane {
  private readonly deps: LaneDeps
  private waiting: Entry[] = []
  private characters = 0
  private sends = 0
  private draining: Promise<void> | undefined

  constructor(deps: LaneDeps) {
    this.deps = deps
  }

  add(messages: NewMessage[], basedOn: unknown): Promise<AcceptOutcome[]> {
    const characters = messages.reduce((sum, { body, attributes }) => sum + body.length + attributes.length, 0)
    if (this.characters + characters > waitingCharacters) {
      const text = `${this.waiting.length} sends wait for redis at ${this.deps.session.link.address} already; send slower`
      return Promise.reject(new StoreUnavailable(text))
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ messages, basedOn, characters, resolve, reject })
      this.characters += characters
      this.draining ??= this.drain()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.draining
  }

  private async drain(): Promise<void> {
    // Everything that the requests of one turn bring goes into one script.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.waiting.length > 0) {
      const batch = this.next()
      try {
        await this.send(batch)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.draining = undefined
  }

  private next(): Entry[] {
    let messages = 0
    let characters = 0
    let length = 0
    for (const entry of this.waiting) {
      messages += entry.messages.length
      characters += entry.characters
      if (length > 0 && (messages > batchMessages || characters > batchCharacters)) break
      length++
    }
    const batch = this.waiting.splice(0, length)
    for (const entry of batch) this.characters -= entry.characters
    return batch
  }

  private async send(entries: Entry[]): Promise<void> {
    const { session, doubtMs } = this.deps
    const number = ++this.sends
    let batch = entries
    let call: AcceptCall | undefined
    let doubtSince: number | undefined
    for (;;) {
      try {
        const known = await session.current(doubtSince === undefined ? undefined : doubtMs)
        // While in doubt the same call goes out again: under another epoch it could not be told from a new one.
        if (call === undefined) {
          // A queue that is not known may have been declared by another process a moment ago.
          const sure = reaches(batch, known) ? known : await session.latest()
          batch = withoutOutdated(batch, sure)
          call = this.callOf(batch, sure, number)
          if (call === undefined) return settle(batch, new Map())
        }
        const answer = (await session.link.run(acceptScript, call.keys, call.args)) as string[]
        if (answer[0] !== 'stale') {
          for (const [queue, delayMs] of call.soonest) this.deps.taken(queue, delayMs)
          return settle(batch, outcomesOf(answer, call.messages))
        }
        // It says that this call did nothing; and none of an older epoch ever will.
        doubtSince = undefined
        call = undefined
        await session.latest()
      } catch (error) {
        const broken = error instanceof LinkBroken
        if (!broken && doubtSince === undefined) throw error
        if (!broken || (doubtSince !== undefined && Date.now() - doubtSince > doubtMs)) {
          throw new OutcomeUnknown(`redis may have taken the messages, its answer was lost: ${messageOf(error)}`)
        }
        doubtSince ??= Date.now()
      }
    }
  }

  /** Undefined if no message has a queue that is known. */
  private callOf(batch: Entry[], known: Known, number: number): AcceptCall | undefined {
    const { keys, sender, clock } = this.deps
    const now = this.deps.now()
    const places = new Map<string, number>()
    const queueKeys: string[] = []
    const numbers: string[] = []
    const soonest = new Map<string, number>()
    const texts: (string | number)[] = []
    const sent: NewMessage[] = []
    for (const message of batch.flatMap(({ messages }) => messages)) {
      const legs: (string | number)[] = []
      let ordered = message.once !== undefined
      for (const leg of message.legs) {
        const queue = known.byName.get(leg.queue)
        if (queue === undefined) continue
        let place = places.get(leg.queue)
        if (place === undefined) {
          place = keysBefore + queueKeys.length
          places.set(leg.queue, place)
          numbers.push(`${queue.fifo ? 'f' : ''}${queue.number}`)
          queueKeys.push(...keys.queue(queue))
        }
        ordered ||= queue.fifo
        const delayMs = leg.delayMs ?? queue.definition.settings.delayMs
        legs.push(place, delayMs, queue.fifo ? onceField(queue, message, now) : '')
        soonest.set(leg.queue, Math.min(delayMs, soonest.get(leg.queue) ?? Number.POSITIVE_INFINITY))
      }
      if (legs.length === 0 && message.once === undefined) continue
      sent.push(message)
      texts.push(packMessage(message), ordered ? message.id : '')
      if (ordered) texts.push(message.groupId, topicField(message), message.once?.token ?? message.id)
      texts.push(legs.length / 3, ...legs)
    }
    if (sent.length === 0) return undefined
    return {
      keys: [keys.meta, keys.sender(sender), ...keys.once, ...queueKeys],
      args: [clock(), known.epoch, sender, number, keys.channel, numbers.length, ...numbers, sent.length, ...texts],
      soonest,
      messages: sent,
    }
  }
}

/** Where the keys of the first queue are among those of the script. */
const keysBefore = 5

/** What must not come twice into a FIFO queue, never empty. */
const onceField = ({ definition }: KnownQueue, { groupId, deduplicationId }: NewMessage, now: number): string =>
  scopeAt(definition.settings.fifo, now) === 'group' ? `g${groupId}\n${deduplicationId}` : `q${deduplicationId}`

const topicField = ({ once }: NewMessage): string => (once === undefined ? '' : `${once.scope}\n${once.id}`)

/** Numbers and repetitions as the script answers them: number of the first message, then place, number and id of each repetition. */
function outcomesOf(answer: string[], messages: NewMessage[]): Map<NewMessage, AcceptOutcome> {
  const first = Number(answer[2])
  const outcomes = new Map(messages.map((one, index) => [one, { id: one.id, seq: first + index, repeated: false }]))
  for (let at = 3; at + 2 < answer.length; at += 3) {
    const message = messages[Number(answer[at]) - 1]
    if (message === undefined) continue
    outcomes.set(message, { id: answer[at + 2] ?? '', seq: Number(answer[at + 1]), repeated: true })
  }
  return outcomes
}

/** Whether every queue that is meant is known. */
const reaches = (batch: Entry[], { byName }: Known): boolean =>
  batch.every(({ messages }) => messages.every(({ legs }) => legs.every(({ queue }) => byName.has(queue))))

/** Those whose queues were worked out from declarations that have changed are worked out again by who sent them. */
function withoutOutdated(batch: Entry[], { declarations }: Known): Entry[] {
  return batch.filter(({ basedOn, reject }) => {
    if (basedOn === undefined || basedOn === declarations) return true
    reject(new DeclarationsChanged('the declarations changed meanwhile'))
    return false
  })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function settle(batch: Entry[], outcomes: ReadonlyMap<NewMessage, AcceptOutcome>): void {
  for (const { messages, resolve } of batch) {
    resolve(messages.map((one) => outcomes.get(one) ?? { id: one.id, seq: 0, repeated: false }))
  }
}
