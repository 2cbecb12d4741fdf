import { processBlock } from '#contracts/faults/catalogue/process-block.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { ActiveFaults } from './active-faults.ts'

/** Keeps the event loop busy for as long and as often as the faults in effect say. */
export function runProcessBlocks(faults: ActiveFaults): void {
  const running = new Map<string, NodeJS.Timeout>()

  function block(fault: HeldFault): void {
    const { blockMs, everyMs } = processBlock.params.parse(fault.params)
    const startedAt = performance.now()
    const endsIn = fault.endsAt === undefined ? Number.POSITIVE_INFINITY : fault.endsAt - Date.now()
    if (endsIn <= 0) return
    // Reported before, as nothing can be reported meanwhile.
    faults.hit(fault)
    const until = startedAt + Math.min(blockMs, endsIn)
    while (performance.now() < until);
    const next = Math.max(1, everyMs - (performance.now() - startedAt))
    running.set(fault.id, setTimeout(() => block(fault), next).unref())
  }

  faults.onChange(() => {
    const standing = new Map(faults.of(processBlock.type).map((fault) => [fault.id, fault]))
    for (const [id, timer] of running) {
      if (standing.has(id)) continue
      clearTimeout(timer)
      running.delete(id)
    }
    for (const [id, fault] of standing) {
      // Not within the command that brings it: its answer goes out first.
      if (!running.has(id)) running.set(id, setTimeout(() => block(fault), 1).unref())
    }
  })
}
