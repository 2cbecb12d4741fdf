import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { LabDeclaration } from '../lab-declaration.ts'
import { problemInWords } from '../yaml-document/file-problem.ts'
import type { LabFileProblem } from './problem.ts'
import { readLabFile } from './read-lab-file.ts'
import { openSchemaCheck } from './schema-check.ts'

const asyncApi = `
asyncapi: 3.0.0
components:
  messages:
    Declined:
      payload: { schemaFormat: application/schema+json, schema: { $ref: '#/components/schemas/Decline' } }
      examples: [{ payload: { orderId: a-1, why: { code: 4 } } }]
    Far: { payload: { $ref: './other.yaml#/Far' } }
    Shared: { payload: { type: object, required: [at], properties: { at: { $ref: './shared/place.yaml#/Place' } } } }
    OnTheNet: { payload: { $ref: 'https://example.com/a.yaml#/A' } }
  schemas:
    Decline:
      type: object
      required: [orderId]
      discriminator: orderId
      x-owner: payments
      properties: { orderId: { type: string }, why: { $ref: '#/components/schemas/Why' } }
    Why: { type: object, properties: { code: { type: integer }, because: { $ref: '#/components/schemas/Why' } } }
`

/** Refers to itself and to the document that refers to it, from its own folder. */
const place = `
Place: { type: object, required: [decline], properties: { next: { $ref: '#/Place' }, decline: { $ref: '../asyncapi.yaml#/components/schemas/Decline' } } }
`

/** A lab of six services with a flow, each kind of body once. */
export const checkoutFile = `
apiVersion: faultline/v1
kind: Lab
metadata: { name: checkout }
events:
  order_placed: { schema: ./order.json, key: orderId }
  payment_captured: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } } }
  payment_declined: { asyncapi: './asyncapi.yaml#/components/messages/Declined' }
services:
  shop: { sends: [order_placed] }
  payment:
    receives: [order_placed]
    sends: [payment_captured, payment_declined]
    run: { command: [python3, payment.py], directory: ./payment, env: { LOG: debug, PORT_BASE: 1, KEY: $KEY } }
    replicas: 2
    idempotent: true
    retry: { maximumAttempts: 5, initialInterval: 200ms }
  warehouse:
    receives: [payment_captured]
    sends: [shipment_sent]
    simulate: { work: { p50: 40ms, p99: 400ms }, fails: 1%, sends: { shipment_sent: { chance: 98%, data: { orderId: "{{data.orderId}}" } } } }
  fraud: { receives: [order_placed], url: "http://127.0.0.1:8080/events" }
  consumer-email: { receives: [shipment_sent, payment_declined], builtin: email }
  consumer-db: { receives: [order_placed, shipment_sent], builtin: database }
flows:
  checkout: { starts: order_placed, ends: [shipment_sent, payment_declined], within: 60s }
`

/** The checkout lab with one piece of its text replaced. */
export const changed = (piece: string, by: string): string => {
  expect(checkoutFile).toContain(piece)
  return checkoutFile.replace(piece, () => by)
}

/** For the tests of one file: a folder with the files that `checkout` names, and what reading lab files in it gives. */
export function labFolder() {
  const { check, close } = openSchemaCheck()
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-file-'))
    await mkdir(join(folder, 'payment'))
    await writeFile(
      join(folder, 'order.json'),
      '{"type":"object","required":["orderId"],"properties":{"orderId":{"type":"string"}}}',
    )
    await writeFile(join(folder, 'broken.json'), '{"type":')
    await writeFile(join(folder, 'asyncapi.yaml'), asyncApi)
    await mkdir(join(folder, 'shared'))
    await writeFile(join(folder, 'shared', 'place.yaml'), place)
    await symlink('loop.json', join(folder, 'loop.json'))
  })
  afterAll(async () => {
    await close()
    await rm(folder, { recursive: true })
  })

  const read = (text: string) => readLabFile(text, join(folder, 'faultline.yaml'), check)

  async function labOf(text: string): Promise<LabDeclaration> {
    const result = await read(text)
    if (!result.ok) throw new Error(result.problems.map(problemInWords).join('\n'))
    return result.lab
  }

  async function problemsOf(text: string): Promise<LabFileProblem[]> {
    const result = await read(text)
    return result.ok ? [] : result.problems
  }
  const linesOf = async (text: string): Promise<string[]> => (await problemsOf(text)).map(problemInWords)

  /** `checkout` with `by` in place of `piece` has a problem that contains `expected`, and each problem is at a place of the file. */
  async function expectProblem(piece: string, by: string, expected: string): Promise<void> {
    const text = changed(piece, by)
    const problems = await problemsOf(text)
    expect(problems.map((problem) => problemInWords(problem).replace(/^\d+:\d+ /, ''))).toContainEqual(
      expect.stringContaining(expected),
    )
    for (const { line, column } of problems)
      expect(text.split('\n')[line - 1]?.length).toBeGreaterThanOrEqual(column - 1)
  }

  return { pathOf: (name: string) => join(folder, name), labOf, linesOf, expectProblem }
}
