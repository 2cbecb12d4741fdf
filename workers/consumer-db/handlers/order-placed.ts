import type { z } from 'zod'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { assertKeptByDouble } from '../number-text.ts'
import { isNotOlderThanIn, orderColumns, orderValues, takeOrder } from '../order-guard.ts'
import { parsedData } from '../parsed-data.ts'
import { newestOfEachKey, type TableWriter, type Transaction, type Write } from '../table-writer.ts'

type Order = z.infer<typeof orderPlaced.data>

/** `order_placed` writes an order with its items. An order that is placed again is replaced, items and all. */
export const orderPlacedWriter: TableWriter<Order> = {
  table: 'orders',
  plan(message) {
    const row = parsedData(orderPlaced, message)
    assertKeptByDouble(message.body)
    return { key: row.orderId, row }
  },
  async write(transaction, writes) {
    const orders = newestOfEachKey(writes)
    const written = await transaction.$queryRaw<{ message_id: string }[]>`
      INSERT INTO orders (order_id, email, total, message_id, ${orderColumns})
      SELECT * FROM unnest(
        ${orders.map(({ row }) => row.orderId)}::text[], ${orders.map(({ row }) => row.email)}::text[],
        ${orders.map(({ row }) => row.total)}::float8[], ${orders.map(({ messageId }) => messageId)}::text[],
        ${orderValues(orders)})
      ON CONFLICT (order_id) DO UPDATE
        SET email = excluded.email, total = excluded.total, message_id = excluded.message_id, ${takeOrder},
          placed_at = now()
        WHERE ${isNotOlderThanIn('orders')}
      RETURNING message_id`
    const messageIds = written.map((row) => row.message_id)
    const winners = new Set(messageIds)
    await replaceItems(
      transaction,
      orders.filter(({ messageId }) => winners.has(messageId)),
    )
    return messageIds
  },
}

/** The items of orders whose rows this transaction has just written, and thus locked. */
async function replaceItems(transaction: Transaction, orders: readonly Write<Order>[]): Promise<void> {
  if (orders.length === 0) return
  const items = orders.flatMap(({ row }) => row.items.map((item, position) => ({ ...item, position, of: row.orderId })))
  // An order that was longer before keeps none of its old items: these are others than those that are written.
  await transaction.$executeRaw`
    WITH cut AS (
      DELETE FROM order_items AS item
      USING unnest(
        ${orders.map(({ row }) => row.orderId)}::text[], ${orders.map(({ row }) => row.items.length)}::int[])
        AS placed (order_id, length)
      WHERE item.order_id = placed.order_id AND item.position >= placed.length)
    INSERT INTO order_items (order_id, position, sku, qty, price)
    SELECT * FROM unnest(
      ${items.map((item) => item.of)}::text[], ${items.map((item) => item.position)}::int[],
      ${items.map((item) => item.sku)}::text[], ${items.map((item) => item.qty)}::int[],
      ${items.map((item) => item.price)}::float8[])
    ON CONFLICT (order_id, position) DO UPDATE
      SET sku = excluded.sku, qty = excluded.qty, price = excluded.price`
}
