import { type LabBroker, labBroker, labBrokerInput } from '#contracts/api/lab-broker.ts'
import type { BrokerSwitchboard } from '../../broker/broker-switch.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function brokerRoutes(
  app: ZodApp,
  { broker, labBroker: view }: { broker: Pick<BrokerSwitchboard, 'request'>; labBroker: () => LabBroker },
): void {
  app.get(
    '/api/lab/broker',
    {
      schema: {
        operationId: 'getBroker',
        summary: 'The broker that the lab runs on, and a switch to another',
        tags: ['lab'],
        response: { 200: answer('What it is and how far a switch is.', labBroker), ...problems() },
      },
    },
    async () => view(),
  )
  app.put(
    '/api/lab/broker',
    {
      schema: {
        operationId: 'switchBroker',
        summary: 'Run the lab on another broker',
        description:
          'Starts the other broker, refuses publishes, waits until nothing is unsettled, moves the workers, and takes ' +
          'publishes again; what fails is taken back. Answers at once: follow it with GET. Asking for the broker that it ' +
          'runs on changes nothing, or cancels a switch that drains. `abandon` leaves behind what is unsettled, also in a ' +
          'switch that drains already: it stays in that broker and in the ledger.',
        tags: ['lab'],
        body: labBrokerInput,
        response: {
          200: answer('It runs on that broker; nothing was to be done.', labBroker),
          202: answer('It was begun, cancelled or ordered to abandon.', labBroker),
          ...problems(...bodyProblems, 'switch_running', 'broker_not_ready'),
        },
      },
    },
    async (request, reply) => {
      const begun = await broker.request(request.body)
      return reply.status(begun ? 202 : 200).send(view())
    },
  )
}
