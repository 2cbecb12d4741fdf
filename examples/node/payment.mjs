import { CloudEvent, HTTP } from 'cloudevents'
import Fastify from 'fastify'

const app = Fastify({ logger: true })

app.post('/', async ({ headers, body, log }, reply) => {
  const placed = HTTP.toEvent({ headers, body })
  const { orderId, email, total } = placed.data
  log.info(`captures the payment of ${orderId}`)
  const captured = new CloudEvent({
    ...{ id: `payment-of-${placed.id}`, source: '/payment', type: 'payment_captured' },
    data: { orderId, email, amount: total },
  })
  const message = HTTP.structured(captured)
  return reply.headers(message.headers).send(message.body)
})

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
