import { afterEach, beforeEach, describe } from 'vitest'
import type { TestSimulator } from './simulator.contract.ts'
import { snsBench } from './sns-bench.contract.ts'
import { snsDeliveryRules } from './sns-delivery.contract.ts'
import { snsSettingRules } from './sns-settings.contract.ts'

/** What SNS promises, through AWS's own client, on any store. */
export function snsContract(name: string, start: () => Promise<TestSimulator>): void {
  describe(`SNS: ${name}`, () => {
    let simulator: TestSimulator
    beforeEach(async () => {
      simulator = await start()
    })
    afterEach(() => simulator.close())

    const bench = snsBench(() => simulator)
    snsDeliveryRules(bench)
    snsSettingRules(bench)
  })
}
