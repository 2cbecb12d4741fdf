import { type Subscription, subscription } from '#contracts/brokers/retry-policy.ts'
import { type EventTypeDefinition, eventTypeDefinition } from '#contracts/events/event-type.ts'
import { contentsFrom } from '#contracts/events/exact-texts.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import type { DeclaredLab } from './declared-lab.ts'

/** What users changed, in PostgreSQL. Every call rejects if the database does not answer. */
export interface LabStore {
  load(): Promise<DeclaredLab>
  /** Writes what differs between two labs, in one transaction. */
  save(before: DeclaredLab, after: DeclaredLab): Promise<void>
  /** What users changed of these subscriptions holds no more: they are as declared. */
  forget(consumers: readonly string[]): Promise<void>
  /** The last epoch granted to a producer instance, raised to `epoch` at least; 0 if none was. */
  /** The last epoch of each, 0 if it had none; in their order. */
  lastEpochs(producers: readonly string[]): Promise<number[]>
  raiseEpochs(epochs: ReadonlyMap<string, number>): Promise<void>
}

export function createLabStore(prisma: PrismaClient): LabStore {
  return {
    async load() {
      const [types, texts, subscriptions] = await prisma.$transaction([
        prisma.eventType.findMany({ orderBy: { createdAt: 'asc' }, omit: { schema: true, example: true } }),
        // As text: the database keeps every digit of a number, and JavaScript has room for about 16.
        prisma.$queryRaw<{ name: string; schema: string; example: string }[]>`
          SELECT name, schema::text AS schema, example::text AS example FROM event_types`,
        prisma.subscription.findMany(),
      ])
      const contents = new Map(texts.map(({ name, schema, example }) => [name, contentsFrom(schema, example)]))
      return {
        eventTypes: types.map((row) =>
          eventTypeDefinition.parse({
            name: row.name,
            version: row.version,
            topic: row.topic,
            ...contents.get(row.name),
            builtIn: false,
            ...(row.keyField === null ? {} : { keyField: row.keyField }),
            ...(row.emailSubject === null || row.emailBody === null
              ? {}
              : { email: { subject: row.emailSubject, body: row.emailBody } }),
          }),
        ),
        subscriptions: subscriptions.map((row) => subscription.parse(row)),
      }
    },
    async save(before, after) {
      await prisma.$transaction(async (tx) => {
        for (const type of after.eventTypes) {
          if (type.inLabFile || before.eventTypes.includes(type)) continue
          const row = rowOf(type)
          await tx.eventType.upsert({ where: { name: type.name }, create: row, update: row })
          const { schema, example } = type.exact ?? {}
          if (schema !== undefined) {
            await tx.$executeRaw`UPDATE event_types SET schema = ${schema}::jsonb WHERE name = ${type.name}`
          }
          if (example !== undefined) {
            await tx.$executeRaw`UPDATE event_types SET example = ${example}::jsonb WHERE name = ${type.name}`
          }
        }
        const kept = new Set(after.eventTypes.map(({ name }) => name))
        const gone = before.eventTypes.filter(({ name }) => !kept.has(name)).map(({ name }) => name)
        if (gone.length > 0) await tx.eventType.deleteMany({ where: { name: { in: gone } } })
        for (const entry of changedSubscriptions(before, after)) {
          const { consumer, ...row } = entry
          await tx.subscription.upsert({
            where: { consumer },
            create: entry,
            update: row,
          })
        }
      })
    },
    async forget(consumers) {
      if (consumers.length > 0) await prisma.subscription.deleteMany({ where: { consumer: { in: [...consumers] } } })
    },
    async lastEpochs(producers) {
      const rows = await prisma.producerEpoch.findMany({ where: { producer: { in: [...producers] } } })
      const known = new Map(rows.map(({ producer, epoch }) => [producer, epoch]))
      return producers.map((producer) => known.get(producer) ?? 0)
    },
    async raiseEpochs(epochs) {
      await prisma.$executeRaw`
        INSERT INTO producer_epochs (producer, epoch)
        SELECT * FROM unnest(${[...epochs.keys()]}::text[], ${[...epochs.values()]}::int[])
        ON CONFLICT (producer) DO UPDATE SET epoch = EXCLUDED.epoch`
    },
  }
}

const changedSubscriptions = (before: DeclaredLab, after: DeclaredLab): Subscription[] =>
  after.subscriptions.filter((entry) => !before.subscriptions.includes(entry))

function rowOf(type: EventTypeDefinition) {
  return {
    name: type.name,
    version: type.version,
    topic: type.topic,
    schema: type.schema as object,
    example: type.example as object,
    keyField: type.keyField ?? null,
    emailSubject: type.email?.subject ?? null,
    emailBody: type.email?.body ?? null,
  }
}
