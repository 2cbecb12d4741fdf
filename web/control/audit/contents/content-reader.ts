import type { StoredRow } from '#contracts/effects/declared/row-comparison.ts'
import { type RowDeclaration, rowDeclarations, tableRows } from '#contracts/effects/declared/row-declarations.ts'
import type { EmailTemplate } from '#contracts/events/event-type.ts'
import { Prisma, type PrismaClient } from '#prisma/generated/client.ts'

/** What the inbox of a consumer says of a message: the table that it was written to, and the key there. */
export interface InboxLine {
  table: string
  key: string
}

/** A row under a key, and the message that wrote it last. */
export interface KeyedRow extends StoredRow {
  writer: string
}

/** A mail as the mailbox stored it. */
export interface SourceMail {
  messageId: string
  /** Recipients of the envelope, between commas. */
  to: string
  source: Uint8Array
  /** Epoch milliseconds. */
  receivedAt: number
}

/** The template of an event type, and since when it is that one, epoch milliseconds. */
export interface DatedTemplate {
  template: EmailTemplate | undefined
  since: number
}

/** What of the effect store is compared with events. Each call is about a few hundred messages. */
export interface ContentReader {
  written(consumer: string, ids: readonly string[]): Promise<Map<string, InboxLine>>
  /** Which of these messages have an effect of a consumer. */
  present(kind: 'row' | 'email', consumer: string, ids: readonly string[]): Promise<Set<string>>
  /** Rows by key; keys without a row are left out. */
  rows(table: string, keys: readonly string[]): Promise<Map<string, KeyedRow>>
  /** The mails of messages, some megabytes at a time. */
  mails(ids: readonly string[]): AsyncGenerator<SourceMail[]>
  /** By event type, of those that users made. */
  templates(): Promise<Map<string, DatedTemplate>>
}

/** Bytes of mails that are read at a time; a single mail may have more. */
const mailBytes = 4 * 1024 * 1024

export function createContentReader(prisma: PrismaClient): ContentReader {
  const declared = new Map<string, Pick<RowDeclaration, 'key' | 'children'>>([
    ...Object.values(rowDeclarations).map((declaration) => [declaration.table, declaration] as const),
    [tableRows.table, tableRows],
  ])
  const read = (table: string, column: string, keys: readonly string[]) => {
    const key = Prisma.raw(`found.${column}`)
    return prisma.$queryRaw<{ key: string; json: string }[]>`
      SELECT ${key} AS key, to_jsonb(found)::text AS json FROM ${Prisma.raw(table)} AS found
      WHERE ${key} = ANY(${keys}::text[])`
  }

  return {
    async written(consumer, ids) {
      const lines = await prisma.inbox.findMany({
        where: { consumer, messageId: { in: [...ids] } },
        select: { messageId: true, effectTable: true, effectRef: true },
      })
      return new Map(
        lines.map(({ messageId, effectTable, effectRef }) => [messageId, { table: effectTable, key: effectRef }]),
      )
    },
    async present(kind, consumer, ids) {
      const messageId = { in: [...ids] }
      const found =
        kind === 'row'
          ? await prisma.inbox.findMany({ where: { consumer, messageId }, select: { messageId: true } })
          : await prisma.mail.findMany({ where: { messageId }, select: { messageId: true } })
      return new Set(found.flatMap((one) => one.messageId ?? []))
    },
    async rows(table, keys) {
      const declaration = declared.get(table)
      if (!declaration || keys.length === 0) return new Map()
      const found = new Map<string, KeyedRow>()
      for (const { key, json } of await read(table, declaration.key, keys)) {
        const { message_id: writer } = JSON.parse(json) as { message_id?: unknown }
        found.set(key, { table, row: json, children: {}, writer: String(writer) })
      }
      for (const child of declaration.children ?? []) {
        const rows = new Map<string, string[]>()
        for (const { key, json } of await read(child.table, child.parent, keys))
          rows.set(key, [...(rows.get(key) ?? []), json])
        for (const [key, row] of found) row.children[child.table] = `[${(rows.get(key) ?? []).join()}]`
      }
      return found
    },
    async *mails(ids) {
      const sizes = await prisma.$queryRaw<{ position: bigint; bytes: number }[]>`
        SELECT position, octet_length(source) AS bytes FROM mails WHERE message_id = ANY(${ids}::text[]) ORDER BY position`
      for (const positions of portions(sizes)) {
        const mails = await prisma.mail.findMany({
          where: { position: { in: positions } },
          select: { messageId: true, to: true, source: true, receivedAt: true },
        })
        yield mails.map(({ messageId, receivedAt, ...mail }) => ({
          ...mail,
          messageId: messageId ?? '',
          receivedAt: receivedAt.getTime(),
        }))
      }
    },
    async templates() {
      const types = await prisma.eventType.findMany({
        select: { name: true, emailSubject: true, emailBody: true, updatedAt: true },
      })
      return new Map(
        types.map(({ name, emailSubject, emailBody, updatedAt }) => {
          const template =
            emailSubject === null || emailBody === null ? undefined : { subject: emailSubject, body: emailBody }
          return [name, { template, since: updatedAt.getTime() }]
        }),
      )
    },
  }
}

function* portions(sizes: readonly { position: bigint; bytes: number }[]): Generator<bigint[]> {
  let portion: bigint[] = []
  let sum = 0
  for (const { position, bytes } of sizes) {
    if (portion.length > 0 && sum + bytes > mailBytes) {
      yield portion
      portion = []
      sum = 0
    }
    portion.push(position)
    sum += bytes
  }
  if (portion.length > 0) yield portion
}
