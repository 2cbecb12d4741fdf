import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '#contracts/errors.ts'
import { sections } from './error-explanations.ts'
import { openTestApi } from './fixtures/test-api.ts'

const surface = [
  'delete /api/bursts/{id}',
  'delete /api/dead-letters/redrives/{id}',
  'delete /api/event-types/{name}',
  'delete /api/faults',
  'delete /api/faults/{id}',
  'delete /api/recordings/{id}',
  'get /api/audits/last',
  'get /api/bursts',
  'get /api/bursts/{id}',
  'get /api/bursts/{id}/outcome',
  'get /api/dead-letters',
  'get /api/dead-letters/redrives',
  'get /api/dead-letters/redrives/{id}',
  'get /api/event-log',
  'get /api/event-types',
  'get /api/faults',
  'get /api/faults/catalogue',
  'get /api/faults/{id}',
  'get /api/flows',
  'get /api/flows/{id}',
  'get /api/history',
  'get /api/history/at',
  'get /api/history/messages/{id}',
  'get /api/history/next',
  'get /api/lab/broker',
  'get /api/ledger',
  'get /api/messages',
  'get /api/messages/{id}',
  'get /api/messages/{id}/redrives',
  'get /api/openapi.json',
  'get /api/outbox/emails',
  'get /api/outbox/emails/{position}',
  'get /api/outbox/rows',
  'get /api/queues',
  'get /api/queues/attributes',
  'get /api/queues/messages',
  'get /api/queues/moves',
  'get /api/recordings',
  'get /api/recordings/{id}',
  'get /api/scenarios',
  'get /api/scenarios/runs',
  'get /api/scenarios/runs/{id}',
  'get /api/scenarios/runs/{id}/journal',
  'get /api/scenarios/runs/{id}/report.html',
  'get /api/services',
  'get /api/subscriptions',
  'get /api/topology',
  'get /api/topology/asyncapi',
  'get /healthz',
  'get /metrics',
  'get /metrics/targets',
  'get /problems/{code}',
  'get /readyz',
  'post /api/bursts',
  'post /api/dead-letters/discard',
  'post /api/dead-letters/redrive',
  'post /api/event-log',
  'post /api/event-types',
  'post /api/faults',
  'post /api/ledger/audit',
  'post /api/queues',
  'post /api/queues/delete',
  'post /api/queues/explain',
  'post /api/queues/moves',
  'post /api/queues/moves/cancel',
  'post /api/queues/publish',
  'post /api/queues/purge',
  'post /api/queues/send',
  'post /api/queues/try',
  'post /api/recordings',
  'post /api/recordings/{id}/stop',
  'post /api/scenarios/runs',
  'post /api/scenarios/runs/{id}/stop',
  'post /event',
  'put /api/event-types/{name}',
  'put /api/lab/broker',
  'put /api/queues/attributes',
  'put /api/queues/tags',
  'put /api/services/{name}',
  'put /api/subscriptions/{consumer}',
]

/** Routes whose answers are something else than JSON. */
const noJson: Record<string, string> = {
  '/metrics': 'text/plain',
  '/api/scenarios/runs/{id}/journal': 'application/x-ndjson',
  '/api/scenarios/runs/{id}/report.html': 'text/html',
}

interface Operation {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}

describe('GET /api/openapi.json', () => {
  it('has every route, with its schemas and problems', async () => {
    const { app } = await openTestApi()
    const document = (await app.inject('/api/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, method, operation })),
    )
    expect(operations.map(({ name }) => name).sort()).toEqual(surface)
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(surface.length)
    const ajv = new Ajv2020({ strict: false, formats: { uuid: true, email: true, 'date-time': true } })
    for (const { name, path, method, operation } of operations) {
      const given = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name)
      expect(
        [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
        name,
      ).toEqual(given)
      expect(operation.requestBody !== undefined, name).toBe(method === 'post' || method === 'put')
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        name,
      ).toBe(true)
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description, `${name} ${status}`).not.toBe('Default Response')
        for (const [type, { schema }] of Object.entries(response.content ?? {})) {
          expect(type, `${name} ${status}`).toBe(
            Number(status) >= 400 && !(path === '/readyz' && status === '503')
              ? 'application/problem+json'
              : (noJson[path] ?? 'application/json'),
          )
          expect(() => ajv.compile({ ...schema, components: document.components }), `${name} ${status}`).not.toThrow()
        }
      }
      for (const { schema } of Object.values(operation.requestBody?.content ?? {}))
        expect(() => ajv.compile(schema), name).not.toThrow()
    }
  })
})

describe('GET /api/topology/asyncapi', () => {
  it('is AsyncAPI 3.0 whose references all lead somewhere', async () => {
    const { app } = await openTestApi()
    const document = (await app.inject('/api/topology/asyncapi')).json()
    expect(document).toMatchObject({ asyncapi: '3.0.0', info: { title: 'Faultline' } })
    const references = [
      ...JSON.stringify({ ...document, components: { messages: {} } }).matchAll(/"\$ref":"#\/([^"]+)"/g),
    ].map((match) => match[1] ?? '')
    expect(references.length).toBeGreaterThan(10)
    for (const reference of references) {
      const found = reference
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
      expect(found, reference).toBeDefined()
    }
    for (const [name, operation] of Object.entries<{
      action: string
      channel: { $ref: string }
      messages: { $ref: string }[]
    }>(document.operations)) {
      expect(['send', 'receive'], name).toContain(operation.action)
      for (const message of operation.messages)
        expect(message.$ref.startsWith(`${operation.channel.$ref}/messages/`), name).toBe(true)
    }
    expect(Object.keys(document.components.messages)).toEqual(['user_signup', 'order_placed', 'payment_failed'])
    expect(document.operations['consumer-db.receive'].messages).toHaveLength(2)
  })
})

describe('ERRORS.md', () => {
  it('explains every code of contracts/errors.ts with its status, and no other', async () => {
    const found = sections(await readFile('contracts/ERRORS.md', 'utf8'))
    expect([...found.keys()].sort()).toEqual(Object.keys(errorCodes).sort())
    for (const [code, { status }] of Object.entries(errorCodes)) {
      expect(found.get(code)?.status, code).toBe(status)
      expect(found.get(code)?.text.length, code).toBeGreaterThan(20)
    }
  })

  it('is where the type of a problem document leads', async () => {
    const { app } = await openTestApi()
    const problem = (await app.inject('/api/nothing')).json()
    expect((await app.inject(problem.type)).json()).toMatchObject({
      code: 'not_found',
      status: 404,
      retryable: false,
      explanation: expect.stringContaining('/api/openapi.json'),
    })
    expect((await app.inject('/problems/nothing')).json()).toMatchObject({ status: 404, code: 'not_found' })
  })
})
