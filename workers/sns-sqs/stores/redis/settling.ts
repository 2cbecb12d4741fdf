import type { ReceiptOutcome, VisibilityChange } from '../queue-store.ts'
import { parseReceipt } from '../receipt.ts'
import { memberOf } from './keys.ts'
import type { KnownQueue } from './known.ts'
import type { QueueDeps, ScriptArgs } from './operate.ts'
import type { Script } from './script.ts'
import { changeVisibilityScript, deleteScript } from './scripts/settle.ts'
import { Together } from './together.ts'

/** Messages that one script deletes at most, for all the requests that it serves. */
const mostTogether = 100

/** What is done by receipt. Deletes of one queue that come together are served by one script. */
export class Settling {
  private readonly deps: QueueDeps
  private readonly deletes = new Together<string[], ReceiptOutcome[]>({
    run: (name, requests) => this.deleteAll(name, requests),
    weigh: (receipts) => receipts.length,
    most: mostTogether,
  })

  constructor(deps: QueueDeps) {
    this.deps = deps
  }

  delete(name: string, receipts: string[]): Promise<ReceiptOutcome[]> {
    return this.deletes.add(name, receipts)
  }

  async changeVisibility(name: string, changes: VisibilityChange[]): Promise<ReceiptOutcome[]> {
    const receipts = changes.map(({ receipt }) => receipt)
    return this.settle(name, changeVisibilityScript, receipts, (index) => [
      changes[index]?.timeoutMs ?? 0,
      changes[index]?.byAnyReceipt === true ? 1 : 0,
    ])
  }

  private async deleteAll(name: string, requests: string[][]): Promise<ReceiptOutcome[][]> {
    const outcomes = await this.settle(name, deleteScript, requests.flat(), () => [])
    return requests.map((receipts) => outcomes.splice(0, receipts.length))
  }

  /** Settles by receipt: those that are none of this queue's are separated from the others here, the rest is up to the script. */
  private async settle(
    name: string,
    script: Script,
    receipts: string[],
    argsOf: (index: number) => ScriptArgs,
  ): Promise<ReceiptOutcome[]> {
    const { operate, keys, sender, tell } = this.deps
    const parsed = receipts.map(parseReceipt)
    let number = 0
    const [, soonest = '', ...settled] = await operate(name, script, (queue: KnownQueue) => {
      number = queue.number
      const each = parsed.map((receipt, index) =>
        receipt?.queue === number ? [memberOf(receipt.key), receipt.receiveCount, ...argsOf(index)] : [],
      )
      return { args: [sender, keys.channel, number, ...each.flat()] }
    })
    if (soonest !== '') tell(name, Number(soonest))
    const outcomes = settled[Symbol.iterator]()
    return parsed.map((receipt) => (receipt?.queue === number ? (outcomes.next().value as ReceiptOutcome) : 'invalid'))
  }
}
