// The row first, then the event. A crash between the two leaves a row without its event: the message comes again, the row is there already,
// and the service takes it for done.
import { database, serve, writeReceipt } from './serve.mjs'

await database.query(
  'create table if not exists orders_in_two_steps (event_id text primary key, order_id text not null)',
)

serve(async ({ id, orderId }) => {
  const { rowCount } = await database.query('insert into orders_in_two_steps values ($1, $2) on conflict do nothing', [
    id,
    orderId,
  ])
  if (rowCount === 0) return undefined
  await writeReceipt()
  return { id: `booked-${id}`, type: 'order_booked', data: { orderId } }
})
