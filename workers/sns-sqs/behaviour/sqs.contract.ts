import { afterEach, beforeEach, describe } from 'vitest'
import type { TestSimulator } from './simulator.contract.ts'
import { sqsAnswerRules } from './sqs-answers.contract.ts'
import { sqsBench } from './sqs-bench.contract.ts'
import { sqsFifoRules } from './sqs-fifo.contract.ts'
import { sqsMoveRules } from './sqs-moves.contract.ts'
import { sqsQueueRules } from './sqs-queues.contract.ts'

/** What SQS promises, through AWS's own client, on any store. */
export function sqsContract(name: string, start: () => Promise<TestSimulator>): void {
  describe(`SQS: ${name}`, () => {
    let simulator: TestSimulator
    beforeEach(async () => {
      simulator = await start()
    })
    afterEach(() => simulator.close())

    const bench = sqsBench(() => simulator)
    sqsAnswerRules(bench)
    sqsFifoRules(bench)
    sqsQueueRules(bench)
    sqsMoveRules(bench)
  })
}
