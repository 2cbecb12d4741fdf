import { openRows } from '../open-rows.ts'

/** What the chain leaves in the database: a witness that no process of it speaks for. */
export interface Parcels {
  /** The last row that was entered so far. */
  mark(): Promise<bigint>
  /** Events that reached the end of a chain since the mark, and orders among them: no more than events. */
  since(mark: bigint): Promise<{ events: number; orders: number }>
  /** How many of these orders have no parcel. */
  missingOf(orders: readonly string[]): Promise<number>
  close(): Promise<void>
}

/** Reads the database of a lab of `bench/chain/faultline.yaml`. */
export function openParcels(url: string): Parcels {
  const { pool, one } = openRows(url)

  return {
    async mark() {
      const { last = '0' } = await one('SELECT coalesce(max(position), 0) AS last FROM inbox')
      return BigInt(last)
    },
    async since(mark) {
      const { events, orders } = await one(
        'SELECT count(*) AS events, count(DISTINCT effect_ref) AS orders FROM inbox WHERE position > $1',
        [mark.toString()],
      )
      return { events: Number(events), orders: Number(orders) }
    },
    async missingOf(orders) {
      const { missing } = await one(
        `SELECT count(*) AS missing FROM unnest($1::text[]) AS wanted
         WHERE NOT EXISTS (SELECT FROM table_rows WHERE ref = 'parcels/' || wanted)`,
        [orders],
      )
      return Number(missing)
    },
    close: () => pool.end(),
  }
}

/** Seconds from the first publish until `count` orders are at the end of their chains; rejects if there are more, or one twice. */
export async function timedParcels(parcels: Parcels, count: number, begin: () => Promise<unknown>): Promise<number> {
  const mark = await parcels.mark()
  const began = performance.now()
  const begun = begin()
  begun.catch(() => undefined)
  const deadline = began + 600_000
  let seen = await parcels.since(mark)
  while (seen.events < count) {
    if (performance.now() > deadline) throw new Error(`void: ${seen.events} parcels of ${count} after ten minutes`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    seen = await parcels.since(mark)
  }
  const seconds = (performance.now() - began) / 1000
  await begun
  seen = await parcels.since(mark)
  if (seen.events !== count || seen.orders !== count)
    throw new Error(`void: ${seen.events} events at the end, of ${seen.orders} orders, where ${count} were published`)
  return seconds
}
