import { z } from 'zod'
import {
  type Journey,
  journey,
  type MessageQuery,
  type MessageRow,
  messageQuery,
  messageRow,
} from '#contracts/api/journey.ts'
import { exactOr } from '#contracts/events/exact-json.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import { InvalidCursor } from '../../journeys/search.ts'
import { ApiProblem } from '../../problem/problem.ts'
import { answer, listOf, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

/** What is known of single messages. */
export interface Messages {
  /** The whole journey; `dropped` if it was settled so long ago that it is no longer kept. */
  journey(id: string): Journey | 'dropped' | undefined
  /** Newest first. Throws `InvalidCursor`. */
  search(query: MessageQuery): { items: MessageRow[]; nextCursor?: string }
}

export function messageRoutes(app: ZodApp, { messages }: { messages: Messages }): void {
  app.get(
    '/api/messages',
    {
      schema: {
        operationId: 'searchMessages',
        summary: 'Messages, newest first',
        description: 'Everything unsettled and the last 100,000 settled messages. All filters must hold.',
        tags: ['messages'],
        querystring: messageQuery,
        response: { 200: answer('A page.', listOf(messageRow)), ...problems('invalid_query', 'invalid_cursor') },
      },
    },
    async (request) => {
      try {
        return messages.search(request.query)
      } catch (error) {
        if (!(error instanceof InvalidCursor)) throw error
        throw new ApiProblem('invalid_cursor', 'use nextCursor of the previous page, or leave the cursor out')
      }
    },
  )
  app.get(
    '/api/messages/:id',
    {
      schema: {
        operationId: 'getMessage',
        summary: 'The journey of a message',
        tags: ['messages'],
        params: z.object({ id: z.string() }),
        response: {
          200: answer('Publish, and per consumer every attempt and its effect.', journey),
          ...problems('unknown_message', 'message_dropped'),
        },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!parseIdentity(id)) {
        throw new ApiProblem(
          'unknown_message',
          `"${id.slice(0, 100)}" is not a message id; one looks like producer-1:3:user_signup:42`,
        )
      }
      const found = messages.journey(id)
      if (found === 'dropped') {
        throw new ApiProblem('message_dropped', `${id} is settled and older than the last 100,000 settled messages`)
      }
      if (!found) throw new ApiProblem('unknown_message', `no message ${id} was published`)
      return { ...found, payload: exactOr(found.raw, found.payload) }
    },
  )
}
