// What both services have in common: a delivery in, an answer out.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import pg from 'pg'

export const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 })
// A connection that breaks while nobody uses it ends no process.
database.on('error', (error) => console.error(error.message))

let receipts = 0

/**
 * What lies between the two steps: the receipt is written. A crash finds most orders here: receipts take 0.5 to 1.5 s in turn, far longer
 * than a row or an event on a busy machine, and orders that came together do not keep step.
 */
export const writeReceipt = () => new Promise((resolve) => setTimeout(resolve, 500 + 250 * (receipts++ % 5)))

/** Answers each delivery with the event that `handle` gives for it; with 204 where it gives none. An error is tried again. */
export function serve(handle) {
  createServer(async (request, response) => {
    try {
      const { orderId } = JSON.parse(await text(request))
      const event = await handle({ id: request.headers['ce-id'], orderId })
      if (!event) return response.writeHead(204).end()
      response.writeHead(200, {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': event.id,
        'ce-source': '/orders',
        'ce-type': event.type,
      })
      response.end(JSON.stringify(event.data))
    } catch (error) {
      console.error(error.message)
      response.writeHead(503).end(error.message)
    }
  }).listen(Number(process.env.PORT), '127.0.0.1')
}
