import { z } from 'zod'
import {
  type DiscardAnswer,
  type DiscardInput,
  deadLetterList,
  deadLetterQuery,
  discardAnswer,
  discardInput,
  redrive,
  redriveInput,
  redriven,
} from '#contracts/api/dead-letter.ts'
import { exactOr } from '#contracts/events/exact-json.ts'
import { memberTexts } from '#contracts/events/json-text.ts'
import type { DeadLetterService } from '../../dead-letters/dead-letter-service.ts'
import type { Redrives } from '../../dead-letters/redrives.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

/** Holds as many ids as a redrive can name; a dead letter's id has at most 40 characters of its group and 40 of its own. */
const redriveBodyBytes = 2_097_152
const byId = z.object({ id: z.string() })

export function deadLetterRoutes(
  app: ZodApp,
  {
    deadLetters,
    redrives,
    discard,
  }: { deadLetters: DeadLetterService; redrives: Redrives; discard: (input: DiscardInput) => Promise<DiscardAnswer> },
): void {
  app.get(
    '/api/dead-letters',
    {
      schema: {
        operationId: 'listDeadLetters',
        summary: 'Messages that groups gave up, newest first, and their causes',
        description:
          'Read from the broker itself, up to 1,000 of each group, the oldest ones; `incomplete` names those with more, which `nextCursor` leads to.',
        tags: ['dead letters'],
        querystring: deadLetterQuery,
        response: {
          200: answer('They are there until they are redriven.', deadLetterList),
          ...problems('invalid_query', 'invalid_cursor', 'unknown_consumer', 'broker_down'),
        },
      },
    },
    async (request) => {
      const list = await deadLetters.list(request.query)
      const exact = list.items.map((item) =>
        item.payload === undefined ? item : { ...item, payload: exactOr(item.raw, item.payload) },
      )
      return { ...list, items: exact }
    },
  )
  app.post(
    '/api/dead-letters/redrive',
    {
      config: { carried: ['payload', 'change'] },
      bodyLimit: redriveBodyBytes,
      schema: {
        operationId: 'redriveDeadLetters',
        summary: 'Send dead letters back to the group that failed',
        description:
          'Each goes to its own group alone, as a first attempt, and leaves the dead letters only after the broker has stored the copy.',
        tags: ['dead letters'],
        body: redriveInput,
        response: {
          202: answer('It runs; or, for a dry run, what would happen.', redrive),
          ...problems(
            ...bodyProblems,
            'schema_violation',
            'schema_too_costly',
            'validation_busy',
            'unknown_consumer',
            'nothing_to_redrive',
            'redrive_running',
            'broker_switching',
            'broker_down',
          ),
        },
      },
    },
    async (request, reply) =>
      reply.status(202).send(await redrives.start(request.body, Object.fromEntries(memberTexts(request.bodyText)))),
  )
  app.post(
    '/api/dead-letters/discard',
    {
      schema: {
        operationId: 'discardDeadLetters',
        summary: 'Remove dead letters for good',
        description:
          'Each has to be named, and `confirm` has to say how many of them are there; without it nothing is removed. The messages stay dead-lettered in the ledger.',
        tags: ['dead letters'],
        body: discardInput,
        response: {
          200: answer('What became of them; or, without `confirm`, what would.', discardAnswer),
          ...problems(...bodyProblems, 'broker_switching', 'broker_down'),
        },
      },
    },
    (request) => discard(request.body),
  )
  app.get(
    '/api/dead-letters/redrives',
    {
      schema: {
        operationId: 'listRedrives',
        summary: 'Redrives, newest first',
        tags: ['dead letters'],
        response: { 200: answer('The last 20.', z.object({ items: z.array(redrive) })), ...problems() },
      },
    },
    async () => ({ items: redrives.list() }),
  )
  app.get(
    '/api/messages/:id/redrives',
    {
      schema: {
        operationId: 'listMessageRedrives',
        summary: 'Redrives of one message, oldest first',
        description: 'With the body that was sent if it was edited. Empty for a message that was never sent back.',
        tags: ['dead letters'],
        params: byId,
        response: {
          200: answer('As far as they are remembered.', z.object({ items: z.array(redriven) })),
          ...problems(),
        },
      },
    },
    async (request) => ({ items: redrives.ofMessage(request.params.id) }),
  )
  app.get(
    '/api/dead-letters/redrives/:id',
    {
      schema: {
        operationId: 'getRedrive',
        summary: 'A redrive and its progress',
        tags: ['dead letters'],
        params: byId,
        response: { 200: answer('As it is now.', redrive), ...problems('unknown_redrive') },
      },
    },
    async (request) => redrives.get(request.params.id),
  )
  app.delete(
    '/api/dead-letters/redrives/:id',
    {
      schema: {
        operationId: 'stopRedrive',
        summary: 'Stop a redrive',
        description: 'What was sent back stays sent back; the rest stays among the dead letters.',
        tags: ['dead letters'],
        params: byId,
        response: { 200: answer('Its last figures.', redrive), ...problems('unknown_redrive') },
      },
    },
    (request) => redrives.stop(request.params.id),
  )
}
