import type { OutboxRow } from '#contracts/api/outbox.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { growingCount } from './growing-count.ts'
import { type OutboxPage, type OutboxQuery, pageOf, positionOf, readDatabase, searchedEntries } from './outbox-page.ts'
import { readWrittenEffects } from './written-effects.ts'

const settledAfterMs = 60_000

/** Rows that consumers wrote, newest first: the inbox says which event wrote what, the tables say what it is now. */
export function createOutboxRows(prisma: PrismaClient): (query: OutboxQuery) => Promise<OutboxPage<OutboxRow>> {
  const total = growingCount({
    async base() {
      const newest = await prisma.inbox.findFirst({
        where: { processedAt: { lt: new Date(Date.now() - settledAfterMs) } },
        orderBy: { position: 'desc' },
        select: { position: true },
      })
      const position = newest?.position ?? 0n
      return { position, count: await prisma.inbox.count({ where: { position: { lte: position } } }) }
    },
    after: (position) => prisma.inbox.count({ where: { position: { gt: position } } }),
  })

  const matching = async ({ messageId, q }: OutboxQuery) => {
    if (q === undefined || q === '') return messageId === undefined ? {} : { messageId }
    const newest = await prisma.inbox.findFirst({ orderBy: { position: 'desc' }, select: { position: true } })
    const contains = { contains: q, mode: 'insensitive' as const }
    return {
      ...(messageId === undefined ? {} : { messageId }),
      position: { gt: (newest?.position ?? 0n) - BigInt(searchedEntries) },
      OR: [{ messageId: contains }, { type: contains }, { effectRef: contains }],
    }
  }

  return (query) =>
    readDatabase(async () => {
      const cursor = positionOf(query.cursor)
      const where = await matching(query)
      const filtered = Object.keys(where).length > 0
      const [found, count] = await Promise.all([
        prisma.inbox.findMany({
          where: cursor === undefined ? where : { AND: [where, { position: { lt: cursor } }] },
          orderBy: { position: 'desc' },
          take: query.limit + 1,
        }),
        filtered ? prisma.inbox.count({ where }) : total(),
      ])
      const { rows, nextCursor } = pageOf(found, query.limit)
      const items = await readWrittenEffects(prisma, rows)
      return { items, ...(nextCursor === undefined ? {} : { nextCursor }), total: count }
    })
}
