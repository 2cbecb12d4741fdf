import { expect, it } from 'vitest'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { ServiceStatus } from '#contracts/api/live.ts'
import { areCalm, lastChange } from './calm-groups.ts'

const service = (name: string, ...instances: string[]): ServiceStatus => ({
  ...{ name, connected: true, links: [], gauges: [] },
  replicas: instances.map((instance) => ({ instance, pid: 1, broker: 'kafka', state: 'up', restarts: 0, since: 0 })),
})
let seq = 0
const entry = (subject: string, message: string): EventLogEntry => {
  seq += 1
  return { seq, at: '', kind: 'service', level: 'info', subject, message }
}
const services = [service('producer', 'producer-1'), service('consumer-db', 'consumer-db-1', 'consumer-db-2')]
const joined = entry('consumer-db-1', 'consumer-db-1 joined generation 1 of consumer-db and reads order_placed 0 1')
const second = entry('consumer-db-2', 'consumer-db-2 joined generation 2 of consumer-db and reads order_placed 1')
const shared = entry('consumer-db-1', 'generation 2 of consumer-db: consumer-db-1 reads order_placed 0')

it('groups are calm when all their members read by the same assignment, whoever else there is', () => {
  expect(areCalm([], services)).toBe(false)
  expect(areCalm([joined], services)).toBe(false)
  expect(areCalm([joined, second], services)).toBe(false)
  expect(areCalm([shared, second, joined], services)).toBe(true)
  expect(areCalm([joined, second, shared, entry('consumer-db-2', 'consumer-db-2 left consumer-db')], services)).toBe(
    false,
  )
})

it('the last change is that of a member, not of anything else', () => {
  const at = (time: string, change: EventLogEntry): EventLogEntry => ({ ...change, at: time })
  const other = entry('producer', 'producer-1 is up')
  expect(lastChange([at('2026-01-01T00:00:09.000Z', other)])).toBe(0)
  const early = at('2026-01-01T00:00:01.000Z', joined)
  expect(lastChange([at('2026-01-01T00:00:02.000Z', shared), early])).toBe(Date.parse('2026-01-01T00:00:02.000Z'))
})
