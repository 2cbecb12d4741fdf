import type { z } from 'zod'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { parsedData } from '../parsed-data.ts'
import { lastOfEachKey, type TableWriter } from '../table-writer.ts'

/** `order_placed` writes an order with its items. An order that is placed again is replaced, items and all. */
export const orderPlacedWriter: TableWriter<z.infer<typeof orderPlaced.data>> = {
  table: 'orders',
  plan(message) {
    const row = parsedData(orderPlaced, message)
    return { key: row.orderId, row }
  },
  async write(transaction, writes) {
    const orders = lastOfEachKey(writes)
    const orderIds = orders.map(({ row }) => row.orderId)
    await transaction.$executeRaw`
      INSERT INTO orders (order_id, email, total, message_id)
      SELECT * FROM unnest(
        ${orderIds}::text[], ${orders.map(({ row }) => row.email)}::text[],
        ${orders.map(({ row }) => row.total)}::float8[], ${orders.map(({ messageId }) => messageId)}::text[])
      ON CONFLICT (order_id) DO UPDATE
        SET email = excluded.email, total = excluded.total, message_id = excluded.message_id, placed_at = now()`
    const items = orders.flatMap(({ row }) =>
      row.items.map((item, position) => ({ ...item, position, of: row.orderId })),
    )
    await transaction.$executeRaw`
      INSERT INTO order_items (order_id, position, sku, qty, price)
      SELECT * FROM unnest(
        ${items.map((item) => item.of)}::text[], ${items.map((item) => item.position)}::int[],
        ${items.map((item) => item.sku)}::text[], ${items.map((item) => item.qty)}::int[],
        ${items.map((item) => item.price)}::float8[])
      ON CONFLICT (order_id, position) DO UPDATE
        SET sku = excluded.sku, qty = excluded.qty, price = excluded.price`
    // An order that was longer before keeps none of its old items. Its row is locked by now.
    await transaction.$executeRaw`
      DELETE FROM order_items AS item
      USING unnest(${orderIds}::text[], ${orders.map(({ row }) => row.items.length)}::int[]) AS placed (order_id, length)
      WHERE item.order_id = placed.order_id AND item.position >= placed.length`
  },
}
