import { describe } from 'vitest'
import { type BrokerUnderTest, createBench } from './contract/bench.contract.ts'
import { causeRules } from './contract/causes.contract.ts'
import { deadLetterRules } from './contract/dead-letters.contract.ts'
import { deliveringRules } from './contract/delivering.contract.ts'
import { publishingRules } from './contract/publishing.contract.ts'
import { settlingRules } from './contract/settling.contract.ts'
import { stoppingRules } from './contract/stopping.contract.ts'
import { wiringRules } from './contract/wiring.contract.ts'

export type { BrokerUnderTest } from './contract/bench.contract.ts'

/** The suite that every driver passes, against the real thing. Rules: SPEC.md. */
export function brokerContract(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(name, { timeout: 60_000 }, () => {
    const bench = createBench(start)
    publishingRules(bench)
    deliveringRules(bench)
    settlingRules(bench)
    stoppingRules(bench)
    wiringRules(bench)
    deadLetterRules(bench)
    causeRules(bench)
  })
}
