import { z } from 'zod'
import { outboxEmail, outboxQuery, outboxRow } from '#contracts/outbox.ts'
import type { ApiContext } from '../api-context.ts'
import { answer, listOf, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const page = <Item extends z.ZodType>(item: Item) => listOf(item).extend({ total: z.int() })

export function outboxRoutes(app: ZodApp, { emails, rows }: ApiContext): void {
  app.get(
    '/api/outbox/emails',
    {
      schema: {
        operationId: 'listEmails',
        summary: 'E-mails that the mailbox accepted, newest first',
        description: '`q` looks in subject, addresses and message id of the newest 100,000.',
        tags: ['outbox'],
        querystring: outboxQuery,
        response: {
          200: answer('A page; `total` counts all that match.', page(outboxEmail)),
          ...problems('invalid_query', 'invalid_cursor', 'database_down'),
        },
      },
    },
    (request) => emails(request.query),
  )
  app.get(
    '/api/outbox/rows',
    {
      schema: {
        operationId: 'listRows',
        summary: 'Rows that consumers wrote, newest first',
        description: '`q` looks in message id, type and key of the newest 100,000.',
        tags: ['outbox'],
        querystring: outboxQuery,
        response: {
          200: answer('A page; `total` counts all that match.', page(outboxRow)),
          ...problems('invalid_query', 'invalid_cursor', 'database_down'),
        },
      },
    },
    (request) => rows(request.query),
  )
}
