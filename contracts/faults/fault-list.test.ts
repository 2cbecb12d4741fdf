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
  'simulator.duplicate': ['queue'],
  'simulator.early_expiry': ['afterMs', 'queue'],
  'simulator.lost_leg': ['queue', 'topic'],
  'simulator.reorder': ['afterMs', 'queue', 'topic'],
  'simulator.delay': ['afterMs', 'queue', 'topic'],
  'simulator.no_answer': ['action', 'queue', 'topic'],
  'simulator.error': ['action', 'queue', 'status', 'topic'],
  'simulator.throttle': ['action', 'queue', 'topic'],
  'simulator.over_limit': ['action', 'queue', 'topic'],
  'simulator.partial_batch': ['action', 'queue', 'topic'],
  'simulator.slow': ['action', 'afterMs', 'queue', 'topic'],
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

  it.each(faultList.map((definition) => [definition.type, definition] as const))(
    '%s names faults and params that there are, and a way for each of its targets',
    (type, { targets, carriedBy, conflictsWith = [], endsAfterHits, side, params }) => {
      const types = faultList.map((one) => one.type)
      const named = conflictsWith.flatMap((conflict) => (conflict.types === 'any' ? [] : conflict.types))
      expect(types).toEqual(expect.arrayContaining([...named, ...carriedBy.flatMap(({ as }) => as?.type ?? [])]))
      // Two that exclude each other say so both, in the same words.
      if (named.length > 0) expect(named).toContain(type)
      const given = [endsAfterHits, side?.param, ...carriedBy.flatMap(({ where = {} }) => Object.keys(where))]
      expect(Object.keys(params.shape)).toEqual(expect.arrayContaining(given.filter((name) => name !== undefined)))
      const places = carriedBy.map(({ at }) => at)
      for (const target of targets) {
        if (target === 'link' || target === 'broker') expect(places).toContain(target)
        else expect(places.some((at) => at !== 'link' && at !== 'broker')).toBe(true)
      }
    },
  )

  it('has no two reasons of a redelivery that count the same, but those of links', () => {
    const ranks = faultList.flatMap(({ targets, explains }) =>
      targets[0] === 'link' && targets.length === 1
        ? []
        : targets[0] === 'broker'
          ? []
          : (explains?.redelivery?.rank ?? []),
    )
    expect(new Set(ranks).size).toBe(ranks.length)
    expect(ranks.length).toBe(6)
  })
})
