import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { defects } from '#contracts/defects.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import { shippedScenarios } from './shipped.ts'
import { isNamed, reasonOf, type Twin, twins } from './twins.ts'

const shipped = shippedScenarios()

test('every shipped scenario has one twin', () => {
  expect(twins.map(({ scenario }) => scenario).sort()).toEqual(shipped.map(({ name }) => name).sort())
})

test.each(twins)('the page of $scenario names the defect of its twin and what it fails with', (twin) => {
  const page = readFileSync(`docs/scenarios/${twin.scenario}.md`, 'utf8')
  const [, twinText = ''] = page.split('**Its twin.** ')
  expect(twinText).toContain(`\`${twin.defect}${twin.service && twinText.includes('@') ? `@${twin.service}` : ''}\``)
  expect(twinText).toContain('anomaly' in twin.fails ? `\`${twin.fails.anomaly}\`` : `\`${twin.fails.check}\``)
})

test.each(twins)(
  'the defect of $scenario can exist on each of its brokers, and its check is one of the file',
  (twin) => {
    const on: readonly BrokerName[] = defects[twin.defect].brokers
    expect(shipped.find(({ name }) => name === twin.scenario)?.brokers.filter((one) => !on.includes(one))).toEqual([])
    if ('anomaly' in twin.fails) return
    const { scenario } = readScenario(readFileSync(`scenarios/${twin.scenario}.yaml`, 'utf8'))
    expect(scenario?.file.assertions.map(({ id }) => id)).toContain(twin.fails.check)
  },
)

test('a scenario for any broker is one for all, and names its lab', () => {
  const chain = shipped.find(({ name }) => name === 'stalled-flow-in-a-chain')
  expect(chain).toEqual({ name: 'stalled-flow-in-a-chain', lab: 'order-chain', brokers: brokerName.options })
})

test('a reason is named by the anomaly as a whole word, or by the check at its begin', () => {
  const lost: Pick<Twin, 'fails'> = { fails: { anomaly: 'lost_message' } }
  expect(isNamed(lost, ['aborted by lost: ledger.lost_message > 0: 3, aborts at > 0'])).toBe(true)
  expect(isNamed(lost, ['at-least-once: nothing is lost: lost_messages: 3'])).toBe(false)
  const check: Pick<Twin, 'fails'> = { fails: { check: 'sent' } }
  expect(isNamed(check, ['sent: flow.ended of order == 3 at the end: order 2'])).toBe(true)
  expect(isNamed(check, ['all-sent: flow.ended of order == 3 at the end: order 2'])).toBe(false)
  expect([reasonOf(lost), reasonOf(check)]).toEqual(['lost_message', 'check sent'])
})
