import { expect, test } from 'vitest'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { serviceWith } from '#contracts/service.fixture.ts'
import { planLines } from './plan.ts'
import { serviceChanges } from './service-change.ts'

const lab = (...services: LabDeclaration['services']): LabDeclaration => ({ ...defaultLab, services, flows: [] })
const shop = serviceWith({ name: 'shop', sends: ['order_placed'], body: { kind: 'source' } })
const program = (command: string) => ({
  ...{ kind: 'program' as const, command: ['python3', command], directory: '/lab', env: {}, readyWithinMs: 1_000 },
})
const payment = serviceWith({ name: 'payment', receives: ['order_placed'], body: program('payment.py') })
const shown = (before: LabDeclaration, after: LabDeclaration) =>
  planLines(before, after, [])
    .filter(({ what }) => what !== 'event')
    .map(({ mark, what, name, change, onApply }) => `${mark} ${what} ${name}: ${change}: ${onApply}`)

test('a process is started again only where its start settings changed', () => {
  const of = (changed: Partial<typeof payment>) => {
    const { restarted, scaled, kept } = serviceChanges(lab(shop, payment), lab(shop, { ...payment, ...changed }))
    return { restarted: restarted.length, scaled: scaled.length, kept: kept.length }
  }
  expect(of({})).toEqual({ restarted: 0, scaled: 0, kept: 2 })
  expect(of({ body: program('other.py') })).toEqual({ restarted: 1, scaled: 0, kept: 1 })
  expect(of({ sends: ['payment_failed'] })).toEqual({ restarted: 1, scaled: 0, kept: 1 })
  expect(of({ replicas: 3 })).toEqual({ restarted: 0, scaled: 1, kept: 1 })
  expect(of({ receives: ['user_signup'], idempotent: true })).toEqual({ restarted: 0, scaled: 0, kept: 2 })
  const hops = serviceChanges(lab(shop, payment), { ...lab(shop, payment), hopLimit: 3 })
  expect(hops.restarted).toHaveLength(2)
})

test('says in words what each service, queue and flow becomes', () => {
  const before = lab(shop, payment)
  const sender = { ...shop, sends: ['order_placed', 'payment_failed'] }
  const taker = { ...payment, receives: ['payment_failed'], replicas: 2 }
  const flow = { name: 'checkout', starts: 'order_placed', ends: ['payment_failed'], withinMs: 60_000 }
  expect(shown(before, { ...lab(sender, taker), flows: [flow], name: 'other' })).toEqual([
    '~ lab other: was called default: renamed',
    '~ service shop: sends order_placed, payment_failed: restarted',
    '~ service payment: 1 replicas become 2: scaled',
    '~ queue payment: takes payment_failed from now on; takes order_placed no more: wired',
    '+ flow checkout: order_placed to payment_failed: watched',
  ])
  const idle = { ...payment, receives: ['payment_failed'] }
  expect(shown(lab(shop, idle), lab(sender, idle)).at(-1)).toBe(
    '= service payment: gets its first sender of payment_failed: stays up',
  )
  expect(shown(before, lab(shop))).toContain('- queue payment: holds nothing: deleted')
})

test('an event with another schema, topic or key is sent to the workers', () => {
  const [first, ...others] = defaultLab.events
  if (first === undefined) throw new Error('the built-in lab has events')
  const after = {
    ...defaultLab,
    events: [{ ...first, schema: { type: 'object' }, topic: 'people' }, ...others.slice(1)],
  }
  expect(planLines(defaultLab, after, []).filter(({ what }) => what === 'event')).toMatchObject([
    { mark: '~', name: first.name, change: expect.stringContaining('moves from the topic user_signup to people') },
    { mark: '-', name: others[0]?.name },
    { mark: '=', name: '1 event' },
  ])
})
