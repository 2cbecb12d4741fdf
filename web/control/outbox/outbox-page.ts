import type { z } from 'zod'
import type { outboxQuery } from '#contracts/api/outbox.ts'
import { redactForms } from '#contracts/secrets.ts'
import { ApiProblem } from '../problem/problem.ts'

export type OutboxQuery = z.infer<typeof outboxQuery>

/** One page, newest first. `total` counts everything that the filters match. */
export interface OutboxPage<Item> {
  items: Item[]
  nextCursor?: string
  total: number
}

/** `q` looks through at most this many of the newest entries: a search must not read a table of millions. */
export const searchedEntries = 100_000

/** The position that a cursor of these lists names; undefined without one. Throws `invalid_cursor`. */
export function positionOf(cursor: string | undefined): bigint | undefined {
  if (cursor === undefined) return undefined
  if (!/^\d{1,18}$/.test(cursor)) {
    throw new ApiProblem('invalid_cursor', 'use nextCursor of the previous page, or leave the cursor out')
  }
  return BigInt(cursor)
}

/** Cuts the one entry that was read beyond the page, which shows whether there is another. */
export function pageOf<Row extends { position: bigint }>(
  rows: Row[],
  limit: number,
): { rows: Row[]; nextCursor?: string } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return rows.length > limit && last ? { rows: page, nextCursor: String(last.position) } : { rows: page }
}

/** Reads the database; an answer that never came is `database_down`. */
export async function readDatabase<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ApiProblem) throw error
    if (isRefused(error)) throw new ApiProblem('invalid_query', 'the database cannot hold a text like this one')
    throw new ApiProblem('database_down', reasonOf(error))
  }
}

/** Data that PostgreSQL refuses by what it is (SQLSTATE class 22), however Prisma wraps it. */
function isRefused(error: unknown): boolean {
  const { code, meta } = Object(error) as { code?: unknown; meta?: unknown }
  const text = `${String(code)} ${JSON.stringify(meta) ?? ''} ${error instanceof Error ? error.message : ''}`
  return /\b22(?:000|001|003|P02|P05|021)\b|invalid byte sequence/.test(text)
}

/** Why it did not answer, in one line and without what a driver says of its own statements. */
function reasonOf(error: unknown): string {
  const last = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
  return redactForms((last ?? '').slice(0, 300))
}
