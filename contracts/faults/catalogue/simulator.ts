import { z } from 'zod'
import { brokers } from '../../brokers/broker-list.ts'
import { snsSqs } from '../../brokers/sns-sqs.ts'
import { defineFault, type FaultDefinition, milliseconds } from '../define-fault.ts'

/** Where in the simulator it happens: names as SNS and SQS have them; empty means anywhere. */
const name = (title: string, description: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_.:*-]{0,300}$/, 'must be a name or an ARN, at most 300 characters')
    .default('')
    .meta({ title, description })
const places = {
  queue: name('Queue', 'Name or ARN of a queue; empty: every queue.'),
  topic: name('Topic', 'Name or ARN of a topic; empty: every topic.'),
  action: name('Action', 'As SendMessage or Publish; empty: every action.'),
}
const inQueue = { queue: places.queue }
const onTheWay = { queue: places.queue, topic: places.topic }

/** Of milliseconds the simulator takes at most a quarter of an hour. */
const longestDelayMs = 900_000
const after = (title: string, description: string, fallback: number) => ({
  afterMs: milliseconds(title, description, fallback, 0, longestDelayMs),
})

interface Row {
  /** Of `simulator.` and of the simulator itself. */
  name: string
  simulated: string
  title: string
  sees: string
  params: z.ZodRawShape
  of: 'messages' | 'requests'
  explains?: FaultDefinition['explains']
}

const again = (rank: number, during: string): FaultDefinition['explains'] => ({ redelivery: { rank, during } })

const rows: Row[] = [
  {
    ...{ name: 'duplicate', simulated: 'duplicate-delivery', title: 'Deliver twice', of: 'messages', params: inQueue },
    sees: 'the same message once more, under the same id',
    explains: again(1, 'delivered twice by {fault}'),
  },
  {
    ...{ name: 'early_expiry', simulated: 'early-expiry', title: 'Expire early', of: 'messages' },
    params: { ...inQueue, ...after('After', 'From the delivery to the end of the visibility timeout.', 0) },
    sees: 'a message comes again while it is being handled',
    explains: again(2, 'its visibility timeout ended early: {fault}'),
  },
  {
    ...{
      name: 'lost_leg',
      simulated: 'lost-leg',
      title: 'Lose a leg of the fan-out',
      of: 'messages',
      params: onTheWay,
    },
    sees: 'one subscription never gets what the others got: lost',
  },
  {
    ...{ name: 'reorder', simulated: 'reorder', title: 'Reorder in the broker', of: 'messages' },
    params: { ...onTheWay, ...after('Held for', 'At most so long; later ones overtake it.', 500) },
    sees: 'deliveries in another order than publishes',
    explains: { holdsPublishes: true },
  },
  {
    ...{ name: 'delay', simulated: 'delayed-delivery', title: 'Delay in the broker', of: 'messages' },
    params: { ...onTheWay, ...after('Delay', 'From the publish until it can be received.', 1_000) },
    sees: 'latency up by the delay, nothing lost',
    explains: { holdsPublishes: true },
  },
  {
    ...{ name: 'no_answer', simulated: 'no-answer', title: 'Do it and not answer', of: 'requests', params: places },
    sees: 'publishes indeterminate, then recovered; deletes that come again',
    explains: again(5, 'the broker did not answer: {fault}'),
  },
  {
    ...{ name: 'error', simulated: 'error', title: 'Fail requests', of: 'requests' },
    params: {
      ...places,
      status: z
        .enum(['500', '503'])
        .default('500')
        .meta({ title: 'Status', description: 'Of the answer.', unit: 'HTTP' }),
    },
    sees: 'nothing is done, clients try again',
    explains: again(5, 'the broker failed: {fault}'),
  },
  {
    ...{ name: 'throttle', simulated: 'throttle', title: 'Throttle', of: 'requests', params: places },
    sees: 'RequestThrottled and Throttled: clients back off',
    explains: again(5, 'the broker throttled: {fault}'),
  },
  {
    ...{ name: 'over_limit', simulated: 'over-limit', title: 'Refuse as over limit', of: 'requests', params: places },
    sees: 'OverLimit: receives stop',
    explains: again(5, 'the broker refused: {fault}'),
  },
  {
    ...{
      name: 'partial_batch',
      simulated: 'partial-batch',
      title: 'Fail entries of batches',
      of: 'messages',
      params: places,
    },
    sees: 'some of a batch fail, the others are done',
    explains: again(5, 'its entry of a batch failed: {fault}'),
  },
  {
    ...{ name: 'slow', simulated: 'slow-answer', title: 'Answer slowly', of: 'requests' },
    params: { ...places, ...after('After', 'Before each request begins.', 1_000) },
    sees: 'latency of every call up',
    explains: { holdsPublishes: true, ...again(7, '{expired} under {fault}') },
  },
]

const ofSimulator = brokers.filter(({ system }) => system === snsSqs.system).map((broker) => broker.name)

/** What only the simulator can do: to single messages, and to requests in AWS's own words. */
export const simulatorFaults: readonly FaultDefinition[] = rows.map(
  ({ name: own, simulated, title, sees, params, of, explains }) =>
    defineFault({
      ...{ type: `simulator.${own}`, title, sees, targets: ['broker'], brokers: ofSimulator, percentOf: of },
      params: z.strictObject(params),
      carriedBy: [{ by: 'simulator', at: 'broker', simulated }],
      ...(explains === undefined ? {} : { explains }),
    }),
)
