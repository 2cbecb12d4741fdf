import { checkFifoId } from '../../semantics/fifo.ts'
import type { PeekedMessage, QueueDefinition, ReceivedMessage, ReceiveOptions } from '../../stores/queue-store.ts'
import { parseReceipt } from '../../stores/receipt.ts'
import { repeatableMs } from '../../stores/receive-attempts.ts'
import type { ActionServices, Call } from '../action.ts'

/** A message that a receive gave out, and how it left it; the rest is read from the queue by its key. */
interface Given extends Omit<ReceivedMessage, 'message'> {
  id: string
  visibleAt: number
}

/** A receive that can be repeated: kept in the store, so that another process, or this one after a kill, repeats it too. */
interface Attempt {
  at: number
  given: Given[]
}

/**
 * Receives from a FIFO queue with a `ReceiveRequestAttemptId`: the same id within five minutes is given the same messages with the same receipts,
 * hidden again, as long as each of them is there and as that receive left it: not deleted, not received again, its visibility not changed.
 */
export async function receiveWithAttempt(
  queue: QueueDefinition,
  attemptId: string,
  options: ReceiveOptions,
  waitMs: number,
  services: ActionServices,
  call: Call,
): Promise<ReceivedMessage[]> {
  checkFifoId('ReceiveRequestAttemptId', attemptId)
  const { store, clock, longPoll } = services
  const id = `${queue.name} ${attemptId}`
  const now = clock.now()
  const timeoutMs = options.visibilityTimeoutMs ?? queue.settings.visibilityTimeoutMs
  const text = await store.attempts.get(id)
  const known = text === undefined ? undefined : (JSON.parse(text) as Attempt)
  if (known !== undefined && now - known.at < repeatableMs) {
    const again = await repeated(queue.name, known, timeoutMs, services)
    if (again !== undefined) {
      await keep(id, { at: known.at, given: again.given }, services)
      return again.messages
    }
  }
  const messages = await longPoll.receive(queue.name, options, waitMs, call.client)
  if (messages.length > 0) {
    const given = messages.map(({ message, ...rest }): Given => {
      const { receivedAt = clock.now() } = parseReceipt(rest.receipt) ?? {}
      return { ...rest, id: message.id, visibleAt: receivedAt + timeoutMs }
    })
    await keep(id, { at: now, given }, services)
  }
  return messages
}

/** Hides the messages of a receive again; undefined if one of them is not any more as it left it. */
async function repeated(
  queue: string,
  { given }: Attempt,
  timeoutMs: number,
  { store }: ActionServices,
): Promise<{ messages: ReceivedMessage[]; given: Given[] } | undefined> {
  const before = await found(queue, given, store)
  const untouched = given.every(({ visibleAt, receiveCount }, index) => {
    const held = before[index]
    return held?.state === 'in-flight' && held.visibleAt === visibleAt && held.receiveCount === receiveCount
  })
  if (!untouched) return undefined
  const outcomes = await store.changeVisibility(
    queue,
    given.map(({ receipt }) => ({ receipt, timeoutMs })),
  )
  if (outcomes.some((outcome) => outcome !== 'done')) return undefined
  const after = await found(queue, given, store)
  const messages: ReceivedMessage[] = []
  const renewed: Given[] = []
  for (const [index, one] of given.entries()) {
    const held = after[index]
    if (held === undefined) return undefined
    const { id: _id, visibleAt: _visibleAt, ...rest } = one
    messages.push({ ...rest, message: held.message })
    renewed.push({ ...one, visibleAt: held.visibleAt })
  }
  return { messages, given: renewed }
}

/** The messages as they are now, in the same order; undefined in place of one that is gone. */
async function found(
  queue: string,
  given: Given[],
  store: ActionServices['store'],
): Promise<(PeekedMessage | undefined)[]> {
  const looked = await store.look(
    queue,
    given.map(({ key }) => key),
  )
  // After a reset a key may be that of another message.
  return given.map(({ id }, index) => (looked[index]?.message.id === id ? looked[index] : undefined))
}

const keep = (id: string, attempt: Attempt, { store }: ActionServices): Promise<void> =>
  store.attempts.keep(id, JSON.stringify(attempt))
