import type { OutboxEmail } from '#contracts/api/outbox.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { readMailHeads } from '#prisma/mail-heads.ts'
import { ApiProblem } from '../problem/problem.ts'
import { growingCount } from './growing-count.ts'
import { type OutboxPage, type OutboxQuery, pageOf, positionOf, readDatabase, searchedEntries } from './outbox-page.ts'
import { createHeadReader, parseMail } from './parsed-mails.ts'

/** Rows older than this are committed, or never will be: no transaction of the mailbox takes as long. */
const settledAfterMs = 60_000

/** A mail is parsed in many small steps; those of one after the other would each wait for all else that web does. */
const parsedAtOnce = 32

/** Of each mail of a list, so that a page of 500 is some megabytes whatever the mails are. */
const headBytes = 16 * 1024

/** Mails that the mailbox accepted, newest first, with the beginning of their text. */
export function createOutboxEmails(prisma: PrismaClient): (query: OutboxQuery) => Promise<OutboxPage<OutboxEmail>> {
  const read = createHeadReader()
  const total = growingCount({
    async base() {
      const newest = await prisma.mail.findFirst({
        where: { receivedAt: { lt: new Date(Date.now() - settledAfterMs) } },
        orderBy: { position: 'desc' },
        select: { position: true },
      })
      const position = newest?.position ?? 0n
      return { position, count: await prisma.mail.count({ where: { position: { lte: position } } }) }
    },
    after: (position) => prisma.mail.count({ where: { position: { gt: position } } }),
  })

  const matching = async ({ messageId, q }: OutboxQuery) => {
    if (q === undefined || q === '') return messageId === undefined ? {} : { messageId }
    const newest = await prisma.mail.findFirst({ orderBy: { position: 'desc' }, select: { position: true } })
    const contains = { contains: q, mode: 'insensitive' as const }
    return {
      ...(messageId === undefined ? {} : { messageId }),
      position: { gt: (newest?.position ?? 0n) - BigInt(searchedEntries) },
      OR: [{ subject: contains }, { to: contains }, { from: contains }, { messageId: contains }],
    }
  }

  return (query) =>
    readDatabase(async () => {
      const cursor = positionOf(query.cursor)
      const where = await matching(query)
      const filtered = Object.keys(where).length > 0
      const [rows, count] = await Promise.all([
        prisma.mail.findMany({
          where: cursor === undefined ? where : { AND: [where, { position: { lt: cursor } }] },
          orderBy: { position: 'desc' },
          take: query.limit + 1,
          select: { position: true },
        }),
        filtered ? prisma.mail.count({ where }) : total(),
      ])
      const { rows: page, nextCursor } = pageOf(rows, query.limit)
      const items: OutboxEmail[] = []
      const heads = await readMailHeads(
        prisma,
        page.map(({ position }) => position),
        headBytes,
      )
      for (let at = 0; at < heads.length; at += parsedAtOnce)
        items.push(...(await Promise.all(heads.slice(at, at + parsedAtOnce).map(read))))
      return { items, ...(nextCursor === undefined ? {} : { nextCursor }), total: count }
    })
}

/** One whole mail by its position in the mailbox. Throws `not_found`. */
export function createWholeEmail(prisma: PrismaClient): (position: string) => Promise<OutboxEmail> {
  return (position) =>
    readDatabase(async () => {
      const at = /^\d{1,18}$/.test(position) ? BigInt(position) : 0n
      const mail = await prisma.mail.findUnique({ where: { position: at } })
      if (mail === null) throw new ApiProblem('not_found', `the mailbox has no mail at ${position.slice(0, 40)}`)
      return { ...(await parseMail(mail)), bytes: mail.source.length }
    })
}
