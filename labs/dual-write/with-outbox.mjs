// Row and event in one transaction. After a crash the message comes again, and what is in the outbox for it is sent, with the id that
// it had: at least once, and known again.
import { database, serve, writeReceipt } from './serve.mjs'

await database.query(`
  create table if not exists orders_with_outbox (event_id text primary key, order_id text not null);
  create table if not exists outbox (event_id text primary key, event json not null)`)

serve(async ({ id, orderId }) => {
  const event = { id: `confirmed-${id}`, type: 'order_confirmed', data: { orderId } }
  const isNew = await inTransaction(async (client) => {
    const { rowCount } = await client.query('insert into orders_with_outbox values ($1, $2) on conflict do nothing', [
      id,
      orderId,
    ])
    if (rowCount > 0) await client.query('insert into outbox values ($1, $2)', [id, JSON.stringify(event)])
    return rowCount > 0
  })
  if (isNew) await writeReceipt()
  const { rows } = await database.query('select event from outbox where event_id = $1', [id])
  return rows[0]?.event
})

async function inTransaction(work) {
  const client = await database.connect()
  let problem
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // A connection in the middle of a transaction is of no use to the next.
    problem = error
    throw error
  } finally {
    client.release(problem)
  }
}
