import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { faultList } from './fault-list.ts'

/** The fault table of the model. */
const table = {
  'process.kill': ['restartAfterMs'],
  'process.shutdown': ['graceMs', 'restartAfterMs'],
  'process.pause': ['durationMs'],
  'process.block': ['blockMs', 'everyMs'],
  'handler.latency': ['jitterMs', 'latencyMs'],
  'handler.error': ['errorType', 'stage'],
  'message.poison': ['count', 'variant'],
  'message.duplicate': ['copies', 'stage'],
  'message.reorder': ['windowMs'],
  'ack.lost': ['side'],
  'link.latency': ['jitterMs', 'latencyMs'],
  'link.bandwidth': ['rateKBps'],
  'link.timeout': ['timeoutMs'],
  'link.reset_peer': ['timeoutMs'],
  'link.down': [],
  'broker.down': ['durationMs'],
  'broker.pause': ['durationMs'],
}

describe('the fault catalogue', () => {
  it('has every row of the table with its params', () => {
    const rows = faultList.map(({ type, params }) => [type, Object.keys(params.shape).sort()])
    expect(Object.fromEntries(rows)).toEqual(table)
  })

  it.each(faultList.map((definition) => [definition.type, definition] as const))(
    '%s has a form: a title, a description and a default for each field',
    (_, { params, lasts }) => {
      const schema = z.toJSONSchema(params, { io: 'input' })
      const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>
      for (const [name, field] of Object.entries(properties)) {
        expect(field, name).toMatchObject({ title: expect.any(String), description: expect.any(String) })
        expect(field, name).toHaveProperty('default')
        if (name.endsWith('Ms')) expect(field.unit, name).toBe('ms')
      }
      const validate = new Ajv2020({ strict: false }).compile(schema)
      expect(validate(params.parse({}))).toBe(true)
      expect(validate({ colour: 1 })).toBe(false)
      if (lasts) expect(Object.keys(properties)).toContain(lasts)
    },
  )
})
