import type { LedgerReport } from '#contracts/api/ledger.ts'
import { saidBy } from './expectation.ts'

/** Between two looks, in milliseconds: the resolution of the time to an alarm. */
const everyMs = 100

export interface LedgerWatch {
  /** Epoch milliseconds at which the ledger was first seen to say `name` of a message. */
  firstSaid(name: string, id: string): number | undefined
  stop(): Promise<void>
}

/** Reads the ledger over and over and notes when it first says what. */
export function watchLedger(read: () => Promise<LedgerReport>): LedgerWatch {
  const first = new Map<string, number>()
  let stopped = false
  const looking = (async () => {
    while (!stopped) {
      // A web that is being killed by a fault answers nothing.
      const report = await read().catch(() => undefined)
      const at = Date.now()
      for (const [name, { ids }] of report ? saidBy(report) : []) {
        for (const id of ids) if (!first.has(`${name} ${id}`)) first.set(`${name} ${id}`, at)
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  })()
  return {
    firstSaid: (name, id) => first.get(`${name} ${id}`),
    async stop() {
      stopped = true
      await looking
    },
  }
}
