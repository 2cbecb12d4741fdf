import { z } from 'zod'
import { type FlowList, type FlowQuery, type FlowView, flowList, flowQuery, flowView } from '#contracts/api/flow.ts'
import { exactOr } from '#contracts/events/exact-json.ts'
import { InvalidCursor } from '../../journeys/search.ts'
import { ApiProblem } from '../../problem/problem.ts'
import { answer, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export interface Flows {
  /** Throws `InvalidCursor`. */
  list(query: FlowQuery): FlowList
  /** Undefined if no such flow is kept. */
  view(id: string): FlowView | undefined
}

export function flowRoutes(app: ZodApp, { flows }: { flows: Flows }): void {
  app.get(
    '/api/flows',
    {
      schema: {
        operationId: 'listFlows',
        summary: 'Flows, and what became of how many',
        description:
          'Every flow that has not ended, and the newest 100,000 that have. All filters must hold. The figures count all flows since ' +
          'the data folder was made; `started` is the sum of `open`, `ended` and `overdue`.',
        tags: ['flows'],
        querystring: flowQuery,
        response: { 200: answer('Figures and a page.', flowList), ...problems('invalid_query', 'invalid_cursor') },
      },
    },
    async (request) => {
      try {
        return flows.list(request.query)
      } catch (error) {
        if (!(error instanceof InvalidCursor)) throw error
        throw new ApiProblem('invalid_cursor', 'use cursor of the previous page with the same order, or leave it out')
      }
    },
  )
  app.get(
    '/api/flows/:id',
    {
      schema: {
        operationId: 'getFlow',
        summary: 'A flow with the journeys of its events',
        description:
          'By its correlation id: the id of its first event. `cause` of each journey says what published it.',
        tags: ['flows'],
        params: z.object({ id: z.string() }),
        response: { 200: answer('The flow.', flowView), ...problems('unknown_flow') },
      },
    },
    async (request) => {
      const { id } = request.params
      const found = flows.view(id)
      if (!found) {
        throw new ApiProblem(
          'unknown_flow',
          `no flow ${id.slice(0, 100)} is kept: none began with this event, or it is older than the newest 100,000 that ended`,
        )
      }
      return {
        ...found,
        journeys: found.journeys.map((journey) => ({ ...journey, payload: exactOr(journey.raw, journey.payload) })),
      }
    },
  )
}
