import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'

const preparedStatements = 500

export interface PrismaOptions {
  /** Connections in the pool at most. Default 5. */
  max?: number
  /** A query that takes longer is given up, in milliseconds: a database behind a black hole must not hang its caller. Default 10,000. */
  queryTimeoutMs?: number
  /** Called with an idle connection that broke. The pool replaces it by itself, so the default is to say nothing. */
  onPoolError?: (error: Error) => void
}

/**
 * A Prisma client over a pool of `pg` connections. Connects at the first query; a database that went away is found
 * again by the next query. Close it with `$disconnect()`.
 */
export function createPrisma(url: string, options: PrismaOptions = {}): PrismaClient {
  const queryTimeoutMs = options.queryTimeoutMs ?? 10_000
  const names = new Map<string, string>()
  const adapter = new PrismaPg(
    {
      connectionString: url,
      max: options.max ?? 5,
      connectionTimeoutMillis: Math.min(queryTimeoutMs, 5_000),
      query_timeout: queryTimeoutMs,
      keepAlive: true,
    },
    {
      // Without a listener, `pg` turns a broken idle connection into an uncaught error that ends the process.
      onPoolError: options.onPoolError ?? (() => undefined),
      onConnectionError: options.onPoolError ?? (() => undefined),
      statementNameGenerator: ({ sql }) => {
        const known = names.get(sql)
        if (known !== undefined) return known
        // Batches of every size make a statement of their own. Past the bound a statement stays unnamed: prepared
        // statements live in the server's memory for as long as their connection does.
        if (names.size >= preparedStatements) return ''
        const name = `p${names.size + 1}`
        names.set(sql, name)
        return name
      },
    },
  )
  return new PrismaClient({ adapter })
}
