import { expect, it } from 'vitest'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import { LogRing } from './log-ring.ts'

const line = (service: string, at: number, message = 'm'): LogRecord => ({
  ...{ kind: 'log', at, service, instance: `${service}-1`, level: 'info', message },
})

it('has the newest lines of each service, in their order, within a bound of characters', () => {
  const ring = new LogRing()
  for (let at = 1; at <= 5; at += 1) ring.add(line('payment', at * 10))
  ring.add(line('fraud', 25))
  expect(ring.newest(2).map(({ service, at }) => [service, at])).toEqual([
    ['fraud', 25],
    ['payment', 40],
    ['payment', 50],
  ])
  const room = JSON.stringify(line('payment', 50)).length
  expect(ring.newest(200, 2 * room).map(({ at }) => at)).toEqual([40, 50])
  ring.add(line('payment', 60, 'x'.repeat(room)))
  expect(ring.newest(200, room)).toEqual([])
})
