import type { EffectCheck } from '#contracts/lab-declaration.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'

/** One look at the database or over HTTP may take so long, in milliseconds. */
const lookMs = 5_000
/** HTTP looks at a time. */
const looksAtOnce = 8

/** Looks for effects of services that are not the lab's own, as their checks in the lab file say. */
export interface EffectLookup {
  /**
   * Whether each message has had its effect. Changes nothing: queries run in a transaction that only reads. Rejects if the check cannot be
   * asked or answers something else, and when `signal` aborts.
   */
  made(check: EffectCheck, ids: readonly string[], signal: AbortSignal): Promise<Map<string, boolean>>
}

/** `environment` has what `$NAME` in an address refers to. */
export function createEffectLookup(
  prisma: PrismaClient,
  environment: Readonly<Record<string, string | undefined>>,
): EffectLookup {
  return {
    made: async (check, ids, signal) =>
      'sql' in check ? bySql(prisma, check.sql, ids, signal) : byHttp(resolved(check.http, environment), ids, signal),
  }
}

async function bySql(
  prisma: PrismaClient,
  sql: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, boolean>> {
  const made = new Map<string, boolean>()
  await prisma.$transaction(
    async (transaction) => {
      await transaction.$executeRawUnsafe('SET TRANSACTION READ ONLY')
      await transaction.$executeRawUnsafe(`SET LOCAL statement_timeout = ${lookMs}`)
      for (const id of ids) {
        signal.throwIfAborted()
        const rows = await transaction.$queryRawUnsafe<unknown[]>(sql, id)
        made.set(id, rows.length > 0)
      }
    },
    { timeout: lookMs + ids.length * 1_000 },
  )
  return made
}

async function byHttp(address: string, ids: readonly string[], signal: AbortSignal): Promise<Map<string, boolean>> {
  const made = new Map<string, boolean>()
  const waiting = [...ids]
  const look = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) made.set(id, await ask(address, id, signal))
  }
  await Promise.all(Array.from({ length: looksAtOnce }, look))
  return made
}

async function ask(address: string, id: string, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(address.replaceAll('{id}', encodeURIComponent(id)), {
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(lookMs)]),
  })
  await response.body?.cancel()
  if (response.ok) return true
  if (response.status === 404) return false
  throw new Error(
    `the check answered with ${response.status}, where 2xx means that the effect was made and 404 that not`,
  )
}

/** Values stay out of the lab file: `$NAME` is read from the environment. Throws if it is not set. */
const resolved = (address: string, environment: Readonly<Record<string, string | undefined>>): string =>
  address.replace(/\$([A-Z_][A-Z0-9_]*)/g, (_, name: string) => {
    const value = environment[name]
    if (value === undefined) throw new Error(`the check names $${name}, which is not set in the environment of the lab`)
    return value
  })
