import { describe, expect, it } from 'vitest'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import { consequences, headline, switchBanner, unsettledCount } from './broker-words.ts'

const lab: LabBroker = {
  broker: 'local',
  state: 'ready',
  available: [
    { name: 'local', ready: true },
    { name: 'redis', ready: true },
    { name: 'kafka', ready: true, reason: 'it is started when you choose it' },
  ],
  unsettled: [],
}
const group = (messages: number, inBroker: number | null) => ({ group: 'g', messages, inBroker, samples: [] })

describe('what a switch will do', () => {
  it('names what is unsettled here, and what is taken up again there', () => {
    const unsettled = [
      { broker: 'local' as const, publishes: 0, groups: [group(1_240, 1_240)] },
      { broker: 'redis' as const, publishes: 0, groups: [group(1, null)] },
    ]
    expect(consequences({ ...lab, unsettled }, 'redis')).toEqual([
      'On Local 1,240 obligations are unsettled. The switch waits for that; you can leave it behind.',
      'Events and bursts are refused meanwhile, and running bursts are stopped.',
      'Workers finish what they hold and start again on Redis.',
      'On Redis 1 obligation waits to be taken up again.',
    ])
  })

  it('says that a broker is started first', () => {
    expect(consequences(lab, 'kafka').slice(0, 2)).toEqual([
      'Kafka does not run: it is started when you choose it. Local goes on until it answers.',
      'Nothing is unsettled on Local.',
    ])
  })
})

it('counts the larger of ledger and broker, and publishes beside', () => {
  expect(unsettledCount(undefined)).toBe(0)
  expect(unsettledCount({ broker: 'local', publishes: 3, groups: [] })).toBe(3)
  expect(unsettledCount({ broker: 'local', publishes: 0, groups: [group(0, 4), group(2, null)] })).toBe(6)
})

it('says how it ended', () => {
  const run = { from: 'local', to: 'kafka', startedAt: '', steps: [] } as const
  expect(headline({ ...run, steps: [] }, 'stuck')).toBe('Local does not drain')
  expect(headline({ ...run, steps: [], outcome: 'rolled_back' }, 'ready')).toBe(
    'Kafka did not work out: the lab is back on Local',
  )
})

it('says to everyone that events are refused, and what is left', () => {
  expect(switchBanner(lab)).toBeUndefined()
  const run = { from: 'local', to: 'redis', startedAt: '', steps: [] } as const
  const left = { broker: 'local' as const, publishes: 0, groups: [group(7, null)] }
  const draining: LabBroker = { ...lab, state: 'draining', refusal: 'why', switch: { ...run, steps: [], left } }
  expect(switchBanner(draining)).toBe('From Local to Redis, 7 left to settle. Events and bursts are refused meanwhile.')
  expect(switchBanner({ ...lab, state: 'rolling_back', refusal: 'workers go back' })).toBe(
    'Events are refused: workers go back',
  )
})
