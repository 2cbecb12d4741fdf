import { z } from 'zod'
import {
  type MailDestination,
  mailDestination,
  type OutboxEmail,
  type OutboxRow,
  outboxEmail,
  outboxQuery,
  outboxRow,
} from '#contracts/api/outbox.ts'
import type { OutboxPage, OutboxQuery } from '../../outbox/outbox-page.ts'
import { answer, listOf, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const page = <Item extends z.ZodType>(item: Item) => listOf(item).extend({ total: z.int() })

interface OutboxParts {
  emails(query: OutboxQuery): Promise<OutboxPage<OutboxEmail>>
  /** Throws `not_found`. */
  wholeEmail(position: string): Promise<OutboxEmail>
  rows(query: OutboxQuery): Promise<OutboxPage<OutboxRow>>
  /** Where consumer-email sends, as web was configured at its start. */
  mailDestination: MailDestination
}

export function outboxRoutes(
  app: ZodApp,
  { emails, wholeEmail, rows, mailDestination: destination }: OutboxParts,
): void {
  app.get(
    '/api/outbox/emails',
    {
      schema: {
        operationId: 'listEmails',
        summary: 'E-mails that the mailbox accepted, newest first',
        description:
          'Of a long mail a list has the beginning, and `cut`. `q` looks in subject, addresses and message id of the newest 100,000. `destination` says where mails go now: of a server ' +
          'elsewhere the lab sees only the answers.',
        tags: ['outbox'],
        querystring: outboxQuery,
        response: {
          200: answer(
            'A page; `total` counts all that match.',
            page(outboxEmail).extend({ destination: mailDestination }),
          ),
          ...problems('invalid_query', 'invalid_cursor', 'database_down'),
        },
      },
    },
    async (request) => ({ ...(await emails(request.query)), destination }),
  )
  app.get(
    '/api/outbox/emails/:position',
    {
      schema: {
        operationId: 'getEmail',
        summary: 'One whole e-mail',
        description: '`position` is that of the list.',
        tags: ['outbox'],
        params: z.object({ position: z.string() }),
        response: {
          200: answer('The mail with all of its text.', outboxEmail),
          ...problems('not_found', 'database_down'),
        },
      },
    },
    (request) => wholeEmail(request.params.position),
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
