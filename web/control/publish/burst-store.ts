import { type Burst, type BurstInput, burst } from '#contracts/api/burst.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'

/** The body of `POST /api/bursts`, with the data as JSON text: there it may have what the database does not take within JSON, as U+0000. */
export type StoredBurstInput = Omit<BurstInput, 'data'> & { data: string }

/** Bursts over restarts of the control plane. Every call rejects if the database does not answer. */
export interface BurstStore {
  /** Newest first. */
  latest(limit: number): Promise<Burst[]>
  find(id: string): Promise<Burst | undefined>
  save(entry: Burst, input?: StoredBurstInput): Promise<void>
}

export function createBurstStore(prisma: PrismaClient): BurstStore {
  return {
    async latest(limit) {
      const rows = await prisma.burst.findMany({ orderBy: { startedAt: 'desc' }, take: limit })
      return rows.map(({ figures }) => burst.parse(figures))
    },
    async find(id) {
      const row = await prisma.burst.findUnique({ where: { id } })
      return row ? burst.parse(row.figures) : undefined
    },
    async save(entry, input) {
      const row = {
        figures: entry,
        state: entry.state,
        endedAt: entry.endedAt === undefined ? null : new Date(entry.endedAt),
      }
      await prisma.burst.upsert({
        where: { id: entry.id },
        create: {
          id: entry.id,
          input: JSON.parse(JSON.stringify(input ?? {})),
          startedAt: new Date(entry.startedAt),
          ...row,
        },
        update: row,
      })
    },
  }
}
