import { z } from 'zod'
import { fault, faultCatalogueItem, faultInput } from '#contracts/faults/fault.ts'
import type { Faults } from '../../faults/faults.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const byId = z.object({ id: z.string() })
const tags = ['faults']
const faultsList = z.object({ items: z.array(fault) })

export function faultRoutes(app: ZodApp, { faults }: { faults: Faults }): void {
  app.get(
    '/api/faults/catalogue',
    {
      schema: {
        operationId: 'listFaultKinds',
        summary: 'Every kind of fault, with the schema of its params and the targets that it can have now',
        tags,
        response: { 200: answer('All of them.', z.object({ items: z.array(faultCatalogueItem) })), ...problems() },
      },
    },
    async () => ({ items: faults.catalogue() }),
  )
  app.get(
    '/api/faults',
    {
      schema: {
        operationId: 'listFaults',
        summary: 'Faults, newest first',
        description: 'Those in effect or scheduled, and the last 500 that ended.',
        tags,
        response: { 200: answer('All that are known.', faultsList), ...problems() },
      },
    },
    async () => ({ items: faults.list() }),
  )
  app.post(
    '/api/faults',
    {
      schema: {
        operationId: 'injectFault',
        summary: 'Inject a fault, now or later',
        description:
          'Answers when it is in place. `observedAt` comes with its first effect, which may be later: a handler fails only when a message comes.',
        tags,
        body: faultInput,
        response: {
          201: answer('It is in effect or scheduled; `failed` with a reason if it could not be put in place.', fault),
          ...problems(
            ...bodyProblems,
            'invalid_fault',
            'fault_not_possible',
            'fault_conflict',
            'schema_too_costly',
            'validation_busy',
          ),
        },
      },
    },
    async (request, reply) => {
      const injected = await faults.inject(request.body)
      return reply.status(201).header('location', `/api/faults/${injected.id}`).send(injected)
    },
  )
  app.get(
    '/api/faults/:id',
    {
      schema: {
        operationId: 'getFault',
        summary: 'A fault and its state',
        tags,
        params: byId,
        response: { 200: answer('As it is now.', fault), ...problems('unknown_fault') },
      },
    },
    async (request) => faults.get(request.params.id),
  )
  app.delete(
    '/api/faults/:id',
    {
      schema: {
        operationId: 'healFault',
        summary: 'Heal a fault',
        description:
          'Answers when nothing of it is left; after a few seconds with what it waits for. One that is over is answered as it is.',
        tags,
        params: byId,
        response: { 200: answer('Its last state.', fault), ...problems('unknown_fault') },
      },
    },
    (request) => faults.heal(request.params.id),
  )
  app.delete(
    '/api/faults',
    {
      schema: {
        operationId: 'healAllFaults',
        summary: 'Heal all faults',
        description: 'Ends all in effect and cancels all that are scheduled. Answers like the healing of one.',
        tags,
        response: { 200: answer('Those that were ended.', faultsList), ...problems() },
      },
    },
    async () => ({ items: await faults.healAll() }),
  )
}
