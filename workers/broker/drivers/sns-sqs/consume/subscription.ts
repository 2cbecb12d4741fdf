import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import type { DeliveryHandler, RunningSubscription, Settlement, SubscribeOptions } from '../../../broker.ts'
import { createDueTimes } from '../../../due-times.ts'
import { errorInfoOf, isMissing } from '../aws-error.ts'
import { deliveryOf } from '../delivery.ts'
import { findGroupQueues, type GroupQueues } from '../queues.ts'
import { visibilitySeconds } from '../visibility.ts'
import { extendVisibility } from './heartbeat.ts'
import type { PollTurns } from './poll-turns.ts'
import { keepPolling } from './polls.ts'
import { type SettleDeps, type SqsMessage, settle } from './settle.ts'

export interface SubscriptionDeps extends SettleDeps {
  /** Long polls that are open at a time at most. */
  polls: number
  turns: PollTurns
  /** Milliseconds to wait for an answer, on top of a poll's own wait. */
  requestTimeoutMs: number
}

export interface SnsSqsSubscription extends RunningSubscription {
  /** Ends it as a crash would: nothing more is asked or settled. What is in flight comes again when its visibility runs out. */
  abandon(): void
}

const receiveMax = 10
/** After a handler that rejected: a batch that came back at once would turn in circles. */
const rejectedDelayMs = 1_000

/**
 * RUNNING → DRAINING → CLOSED. RUNNING: polls fill a buffer, and up to `concurrency` handlers take batches from it, the
 * larger the busier they are. DRAINING: no more is taken, buffered messages are given back, handlers may finish.
 * CLOSED: what was still in flight at the end of the grace time was given back, and what its handler says is ignored.
 */
export function startSubscription(
  deps: SubscriptionDeps,
  group: string,
  handle: DeliveryHandler,
  options: SubscribeOptions,
): SnsSqsSubscription {
  const { sqs, now } = deps
  const concurrency = options.concurrency ?? 4
  const batchSize = options.batchSize ?? receiveMax
  /** Full handlers and one full buffer: more would only wait here instead of in the queue. */
  const room = concurrency * batchSize + deps.polls * receiveMax
  const polling = new AbortController()
  const inHand = new Set<SqsMessage>()
  const buffer: SqsMessage[] = []
  const idle: (() => void)[] = []
  let queues: GroupQueues | undefined
  let reserved = 0
  let handling = 0
  let failures = 0
  let reachable = false
  let closed = false
  const returns = createDueTimes(() => deps.turns.expect([group]), now)
  let beating: Promise<void> = Promise.resolve()

  /** Answers whether the queue gave as many as it could. */
  async function receive(): Promise<boolean> {
    const turn = await deps.turns.take(group, polling.signal)
    reserved += receiveMax
    try {
      queues ??= await findGroupQueues(sqs, group)
      // Asks without waiting until the broker has answered once, so that its return is known at once.
      const wait = reachable ? turn.seconds : 0
      const command = new ReceiveMessageCommand({
        QueueUrl: queues.url,
        MaxNumberOfMessages: receiveMax,
        WaitTimeSeconds: wait,
        VisibilityTimeout: deps.visibilitySeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      })
      const askedAt = now()
      const { Messages = [] } = await sqs.send(command, {
        abortSignal: polling.signal,
        requestTimeout: wait * 1_000 + deps.requestTimeoutMs,
      })
      take(Messages, askedAt)
      if (!reachable) options.onTrouble?.(undefined)
      reachable = true
      failures = 0
      return Messages.length === receiveMax
    } finally {
      reserved -= receiveMax
      turn.end()
    }
  }

  function take(messages: Message[], askedAt: number): void {
    const receivedAt = now()
    for (const message of messages) {
      const taken: SqsMessage = {
        delivery: deliveryOf(group, message, receivedAt),
        receipt: message.ReceiptHandle ?? '',
        attributes: message.MessageAttributes ?? {},
        // The queue does not say when; the answer may have waited long for a process that was paused.
        hiddenSince: askedAt,
        settling: false,
      }
      inHand.add(taken)
      buffer.push(taken)
    }
    pump()
  }

  async function failed(error: unknown): Promise<void> {
    failures += 1
    if (isMissing(error)) queues = undefined
    if (reachable || failures === 1) options.onTrouble?.(troubleOf(group, error))
    reachable = false
    const backoff = 100 + deps.random() * Math.min(2_000, 100 * 2 ** Math.min(failures, 10))
    await deps.sleep(backoff, polling.signal)
  }

  function pump(): void {
    while (!polling.signal.aborted && handling < concurrency && buffer.length > 0) {
      handling += 1
      void run(buffer.splice(0, batchSize))
    }
  }

  async function run(batch: SqsMessage[]): Promise<void> {
    const deliveries = batch.map((taken) => taken.delivery)
    let settlements: Settlement[]
    try {
      settlements = await handle(deliveries)
    } catch {
      // The port promises redelivery and no more; whoever wrote the handler reports why it rejected.
      settlements = deliveries.map(() => ({ kind: 'retry', delayMs: rejectedDelayMs }))
    }
    handling -= 1
    pump()
    await giveBack(batch, settlements)
  }

  /** Settles what is still in flight of a batch. */
  async function giveBack(batch: readonly SqsMessage[], settlements: readonly Settlement[]): Promise<void> {
    const mine: SqsMessage[] = []
    const theirs: Settlement[] = []
    for (const [index, taken] of batch.entries()) {
      if (taken.settling) continue
      taken.settling = true
      mine.push(taken)
      theirs.push(settlements[index] ?? { kind: 'release' })
    }
    if (mine.length === 0 || closed) return
    // A heartbeat that overtook the settlement would hide a message again that was to come back.
    await beating
    const confirmed = queues ? await settle(deps, queues, mine, theirs) : mine.map(() => false)
    for (const taken of mine) inHand.delete(taken)
    expectAgain(theirs)
    options.onSettled?.(
      mine.map((taken) => taken.delivery),
      theirs,
      confirmed,
    )
    for (const resume of idle.splice(0)) resume()
  }

  /** What comes back is looked for when it does, where others would have their turn first. */
  function expectAgain(settlements: readonly Settlement[]): void {
    if (!deps.turns.isCrowded()) return
    const delays = settlements.map((settlement) => {
      if (settlement.kind === 'release') return 0
      return settlement.kind === 'retry' ? visibilitySeconds(settlement.delayMs) * 1_000 : undefined
    })
    for (const delay of new Set(delays)) if (delay !== undefined) returns.add(delay)
  }

  const leave = deps.turns.join(group, options.fromOutside ?? true)
  const heartbeat = setInterval(
    () => {
      if (queues && inHand.size > 0) beating = extendVisibility(deps, queues, deps.visibilitySeconds, inHand)
    },
    (deps.visibilitySeconds * 1_000) / 4,
  )
  const polls = keepPolling({
    max: deps.polls,
    receive,
    room: () => (inHand.size + reserved + receiveMax > room ? new Promise((resolve) => idle.push(resolve)) : undefined),
    failed,
    signal: polling.signal,
  })

  return {
    inHand: () => inHand.size,
    abandon() {
      closed = true
      returns.close()
      polling.abort()
      leave()
      clearInterval(heartbeat)
      for (const resume of idle.splice(0)) resume()
      inHand.clear()
    },
    async stop(graceMs) {
      const deadline = now() + graceMs
      polling.abort()
      leave()
      for (const resume of idle.splice(0)) resume()
      await polls
      const unstarted = buffer.splice(0)
      const release = (batch: readonly SqsMessage[]) =>
        giveBack(
          batch,
          batch.map(() => ({ kind: 'release' })),
        )
      await release(unstarted)
      while (inHand.size > 0 && now() < deadline) await deps.sleep(Math.min(20, Math.max(1, deadline - now())))
      clearInterval(heartbeat)
      await release([...inHand])
      // Settlements under way end by themselves: each is tried a few times and then given up.
      while (inHand.size > 0) await deps.sleep(20)
      returns.close()
    },
  }
}

function troubleOf(group: string, error: unknown): string {
  const { type, message } = errorInfoOf(error)
  if (isMissing(error)) return `The queue ${group} does not exist yet. The control plane makes it when it starts.`
  return `The queue ${group} does not answer (${type}: ${message}). Trying again until it does.`
}
