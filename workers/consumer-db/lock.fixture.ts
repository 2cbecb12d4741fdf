import type { PrismaClient } from '#prisma/generated/client.ts'

/** Resolves once some transaction of the database waits for a lock of another. */
export async function untilSomebodyWaits(prisma: PrismaClient): Promise<void> {
  for (;;) {
    const waiting = await prisma.$queryRaw<
      unknown[]
    >`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
    if (waiting.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
