import type { Stage } from './direction.ts'
import type { FaultableConnection, LinkFault, Passage } from './link-fault.ts'

/** The faults that one connection is a victim of, and the stages that come of them. */
export interface Passages {
  /** The same list until a fault comes or goes. */
  up(): readonly Stage[]
  down(): readonly Stage[]
  enter(fault: LinkFault, connection: FaultableConnection): void
  leave(fault: LinkFault): void
  leaveAll(): void
}

export function createPassages(): Passages {
  const passages = new Map<LinkFault, Passage>()
  let up: Stage[] = []
  let down: Stage[] = []

  function refresh(): void {
    const all = [...passages.values()]
    up = all.flatMap((passage) => passage.up ?? [])
    down = all.flatMap((passage) => passage.down ?? [])
  }

  return {
    up: () => up,
    down: () => down,
    enter(fault, connection) {
      const passage = fault.enter(connection)
      if (!passage) return
      passages.set(fault, passage)
      refresh()
    },
    leave(fault) {
      passages.get(fault)?.leave()
      if (passages.delete(fault)) refresh()
    },
    leaveAll() {
      for (const passage of passages.values()) passage.leave()
      passages.clear()
      refresh()
    },
  }
}
