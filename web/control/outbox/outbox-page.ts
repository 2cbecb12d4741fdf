import type { z } from 'zod'
import type { outboxQuery } from '#contracts/api/outbox.ts'
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

/** Cuts the one entry that was read beyond the page, which tells whether there is another. */
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
    throw new ApiProblem(
      'database_down',
      error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error),
    )
  }
}
