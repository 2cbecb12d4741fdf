import { z } from 'zod'
import { historyMoment, historyRange, historyStep, momentTime } from '#contracts/api/history.ts'
import { journey } from '#contracts/api/journey.ts'
import type { History } from '../../history/history.ts'
import { answer, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const byId = z.object({ id: z.string().max(200) })
const tags = ['history']

export function historyRoutes(app: ZodApp, { past }: { past: History }): void {
  app.get(
    '/api/history',
    {
      schema: {
        operationId: 'getHistory',
        summary: 'What is recorded of the lab: from when to when, what happened, and what is missing',
        description:
          'The last hour, and the runs of scenarios that are kept, as long as there is room on disk. `from` and `to` leave out the rest; ' +
          'the newest 2,000 marks, and 600 points of unsettled messages.',
        tags,
        querystring: z.strictObject({ from: momentTime.optional(), to: momentTime.optional() }),
        response: { 200: answer('Oldest first.', historyRange), ...problems('invalid_query') },
      },
    },
    async ({ query }) => past.range(query.from, query.to),
  )
  app.get(
    '/api/history/at',
    {
      schema: {
        operationId: 'getHistoryMoment',
        summary: 'The whole lab as it was at a moment',
        description:
          'What the socket of a viewer would have sent: graph, rates, replicas, faults, ledger, charts, event log and the newest messages. ' +
          'The counts of the ledger, the faults and the messages are those of the millisecond; states and rates are of the keyframe before it, at most a second old.',
        tags,
        querystring: z.strictObject({ t: momentTime }),
        response: { 200: answer('As it was.', historyMoment), ...problems('invalid_query', 'unknown_moment') },
      },
    },
    async ({ query }) => past.at(query.t),
  )
  app.get(
    '/api/history/next',
    {
      schema: {
        operationId: 'getHistoryStep',
        summary: 'Where the next thing happened',
        description:
          'An entry of the event log or a turn of the verdict. `t` is the first moment that shows what came of it.',
        tags,
        querystring: z.strictObject({ t: momentTime, direction: z.enum(['forward', 'back']).default('forward') }),
        response: {
          200: answer('`t` is null where nothing more happened.', historyStep),
          ...problems('invalid_query'),
        },
      },
    },
    async ({ query }) => past.next(query.t, query.direction),
  )
  app.get(
    '/api/history/messages/:id',
    {
      schema: {
        operationId: 'getHistoryMessage',
        summary: 'The journey of a message up to a moment',
        tags,
        params: byId,
        querystring: z.strictObject({ t: momentTime }),
        response: {
          200: answer('Nothing in it is later.', journey),
          ...problems('invalid_query', 'unknown_moment', 'unknown_message', 'message_dropped'),
        },
      },
    },
    async ({ params, query }) => past.message(params.id, query.t),
  )
}
