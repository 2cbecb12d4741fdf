import { eventOrderOf } from '#contracts/effects/event-order.ts'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { databaseError, failureOf } from './database-error.ts'
import { enterInbox, type InboxEntry, noteSuperseded, supersededOf } from './inbox.ts'
import { assertStorable } from './storable-text.ts'
import type { Incoming, TableWriter, Transaction, Write } from './table-writer.ts'

/** What became of each message, in order: its effect, or the error that it failed with. */
export type WriteResult = Effect | Error

export interface Store {
  /**
   * Writes the effects of messages and their inbox rows in one transaction. A message that is in the inbox already
   * writes nothing and answers its effect as `suppressed`. One that is older than what is under its key writes its inbox
   * row alone and answers `superseded`. Where the database refuses some message's data, the others are written all the same.
   * Never rejects.
   */
  write(messages: readonly Incoming[]): Promise<WriteResult[]>
}

export interface StoreOptions {
  prisma: PrismaClient
  /** Name under which the inbox keeps messages. */
  consumer: string
  /** By event type; `*table` takes those that the lab file gives a table, `*` every other. Tables are written in this order. */
  writers: Record<string, TableWriter>
  /** Uniform in [0, 1): spreads the tries after a conflict. */
  random: () => number
}

/** What a transaction found out about each message. */
interface Written {
  /** Identities that were not in the inbox before. */
  fresh: Set<string>
  /** Identities, fresh or not, whose row a newer event had. */
  superseded: ReadonlySet<string>
}

interface Planned {
  writer: TableWriter
  write: Write
  effect: Effect
}

/** Tries of a transaction that PostgreSQL ended for the sake of a concurrent one. */
const conflictTries = 5
/** Milliseconds to wait for a connection of the pool, and for the whole transaction. */
const transactionLimits = { maxWait: 5_000, timeout: 10_000 }
const refMax = 500

export function createStore({ prisma, consumer, writers, random }: StoreOptions): Store {
  const order = [...new Set(Object.values(writers))]

  function plan(message: Incoming): Planned | Error {
    const generic = message.table === undefined ? writers['*'] : writers['*table']
    const writer = message.isGeneric ? generic : (writers[message.type] ?? writers['*'])
    if (writer === undefined) return new Error(`no table takes events of type ${message.type}`)
    try {
      assertStorable(message.messageId)
      assertStorable(message.data)
      const { key, row } = writer.plan(message)
      const { messageId, type, time } = message
      const write = { messageId, type, key, row, order: eventOrderOf({ id: messageId, time }) }
      const ref = writer.refOf?.(key) ?? `${writer.table}/${key}`
      return { writer, write, effect: { kind: 'row', ref: ref.slice(0, refMax) } }
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  async function writeAll(transaction: Transaction, planned: readonly Planned[]): Promise<Written> {
    const fresh = await enterInbox(transaction, consumer, planned.map(inboxEntry))
    const superseded = new Set(fresh)
    for (const writer of order) {
      const writes = firstOfEachMessage(planned.filter((item) => item.writer === writer))
        .map(({ write }) => write)
        .filter(({ messageId }) => fresh.has(messageId))
      if (writes.length === 0) continue
      for (const messageId of await writer.write(transaction, writes)) superseded.delete(messageId)
    }
    await noteSuperseded(transaction, consumer, superseded)
    const known = planned.map(({ write }) => write.messageId).filter((messageId) => !fresh.has(messageId))
    for (const messageId of await supersededOf(transaction, consumer, known)) superseded.add(messageId)
    return { fresh, superseded }
  }

  async function insist(planned: readonly Planned[]): Promise<Written> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await prisma.$transaction((transaction) => writeAll(transaction, planned), transactionLimits)
      } catch (error) {
        if (failureOf(error) !== 'conflict' || attempt === conflictTries) throw error
        const delayMs = random() * 10 * 2 ** attempt
        await new Promise((resolve) => setTimeout(resolve, delayMs))
      }
    }
  }

  async function writeTogether(planned: readonly Planned[]): Promise<WriteResult[]> {
    if (planned.length === 0) return []
    try {
      const { fresh, superseded } = await insist(planned)
      return planned.map(({ write, effect }) => ({
        ...effect,
        // The same message twice in one batch: the first writes, the second finds it written.
        ...(fresh.delete(write.messageId) ? {} : { suppressed: true }),
        ...(superseded.has(write.messageId) ? { superseded: true } : {}),
      }))
    } catch (error) {
      if (failureOf(error) !== 'refused' || planned.length === 1) return planned.map(() => databaseError(error))
    }
    // One message's data fails the transaction of all: halves find it in few transactions.
    const middle = Math.ceil(planned.length / 2)
    const first = await writeTogether(planned.slice(0, middle))
    return [...first, ...(await writeTogether(planned.slice(middle)))]
  }

  return {
    async write(messages) {
      const plans = messages.map(plan)
      const written = await writeTogether(plans.filter((item): item is Planned => !(item instanceof Error)))
      const next = written.values()
      return plans.map((item) => (item instanceof Error ? item : (next.next().value ?? new Error('no result'))))
    },
  }
}

const inboxEntry = ({ write: { messageId, type, key }, writer: { table } }: Planned): InboxEntry => ({
  messageId,
  type,
  table,
  key,
})

function firstOfEachMessage(planned: readonly Planned[]): Planned[] {
  const seen = new Set<string>()
  return planned.filter(({ write }) => !seen.has(write.messageId) && seen.add(write.messageId))
}
