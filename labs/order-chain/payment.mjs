// Captures the payment of an order, or declines it where the order is dear. The answer is the event: the lab publishes it before the order
// is done. Its id follows from that of the order, so a second attempt sends the same event.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const limit = 300

createServer(async (request, response) => {
  const { orderId, email, total } = JSON.parse(await text(request))
  const type = total > limit ? 'payment_declined' : 'payment_captured'
  console.log(JSON.stringify({ level: 'info', message: `${type} for ${orderId}` }))
  response.writeHead(200, {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': `payment-of-${request.headers['ce-id']}`,
    'ce-source': '/payment',
    'ce-type': type,
  })
  response.end(JSON.stringify({ orderId, email }))
}).listen(Number(process.env.PORT), '127.0.0.1')
