import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Envelope, headersOf, newTraceparent } from '#contracts/events/envelope.ts'
import type { Broker } from '#workers/broker/broker.ts'
import type { DeadLetter } from '#workers/broker/dead-letters.ts'
import { defectNotice, plantControlDefect } from './plant-defect.ts'

const envelope: Envelope = {
  ...{ id: 'producer-1:1:order_placed:7', type: 'order_placed', topic: 'order_placed', version: 1, body: '{}' },
  ...{ time: new Date(0).toISOString(), traceparent: newTraceparent() },
}
const letter: DeadLetter = { ref: '0@1', body: '{}', headers: headersOf(envelope), at: 1 }

function broker() {
  const published: Envelope[] = []
  const redriven: string[] = []
  const real = {
    publish: async (envelopes: Envelope[]) => {
      published.push(...envelopes)
      return []
    },
    deadLetters: {
      list: async () => ({ letters: [letter, { ...letter, ref: '0@2' }], more: false }),
      redrive: async (group: string) => {
        redriven.push(group)
        return [{ state: 'redriven' as const }]
      },
    },
  } as unknown as Broker
  return { real, published, redriven }
}

it('sends what is redriven to its topic too, and writes down whom that harms', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-redrive-'))
  try {
    const log = join(folder, 'harm.jsonl')
    const { real, published, redriven } = broker()
    const defective = plantControlDefect(real, { name: 'redrive-to-all', service: 'web', log })
    expect(await defective.deadLetters.redrive('consumer-db', [{ ref: '0@1' }])).toEqual([{ state: 'redriven' }])
    expect(redriven).toEqual(['consumer-db'])
    expect(published).toEqual([envelope])
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ id: envelope.id, what: 'harmed', instance: 'web' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it.each([undefined, { name: 'retry-early' as const, service: 'consumer-db', log: undefined }])(
  'leaves the broker as it is where web has no defect',
  (planted) => {
    const { real } = broker()
    expect(plantControlDefect(real, planted)).toBe(real)
  },
)

it('says in every view of the lab that it makes a mistake on purpose', () => {
  expect(defectNotice(undefined)).toEqual([])
  expect(defectNotice({ name: 'retry-early', service: 'consumer-db', log: undefined }).join()).toContain('retry-early')
})
