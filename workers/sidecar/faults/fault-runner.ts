import type { HeldFault, HeldFaultStatus } from '#contracts/faults/held-fault.ts'
import type { Perform, Performance } from './performance.ts'

/** Keeps the faults of one sidecar as the control plane wants them. */
export interface FaultRunner {
  /** Begins those that are new and ends those that are not wanted any more. */
  hold(wanted: readonly HeldFault[]): void
  status(): HeldFaultStatus[]
  /** Ends all; resolves when nothing is left of any, or after `withinMs`. */
  stop(withinMs: number): Promise<void>
}

export interface FaultRunnerOptions {
  perform: Record<HeldFault['by'], Perform>
  onChange: () => void
  onEvent: (level: 'info' | 'warn', message: string) => void
  /** Epoch milliseconds. */
  now?: () => number
}

interface Held {
  fault: HeldFault
  status: HeldFaultStatus
  performance: Performance
  timer: NodeJS.Timeout | undefined
  /** The control plane's list no longer has it: it is forgotten when it has ended. */
  unwanted: boolean
}

/** The longest time that a timer of Node takes. */
const longestTimerMs = 2 ** 31 - 1

/**
 * INJECTING → ARMED → ACTIVE → HEALING → ENDED, each fault for itself; FAILED where it could not be put in place. ACTIVE
 * as soon as it was seen to take effect. It heals at its `endsAt`, when the list no longer has it, or at `stop`.
 */
export function createFaultRunner({ perform, onChange, onEvent, now = Date.now }: FaultRunnerOptions): FaultRunner {
  const held = new Map<string, Held>()

  function inject(fault: HeldFault): void {
    const status: HeldFaultStatus = { id: fault.id, state: 'injecting', hits: 0 }
    const entry: Held = {
      ...{ fault, status, timer: undefined, unwanted: false },
      performance: perform[fault.by](fault, {
        hit(at = now()) {
          status.hits += 1
          if (status.observedAt !== undefined) return
          status.observedAt = at
          if (status.state === 'injecting' || status.state === 'armed') become(entry, 'active')
        },
        detail(detail) {
          if (detail === undefined) delete status.detail
          else status.detail = detail
        },
      }),
    }
    held.set(fault.id, entry)
    endInTime(entry)
    onEvent('info', `injects ${fault.type} (fault ${fault.id})`)
    entry.performance.begun.then(
      () => {
        if (status.state === 'injecting') become(entry, 'armed')
      },
      (error: unknown) => {
        if (status.state !== 'injecting') return
        status.detail = error instanceof Error ? error.message : String(error)
        onEvent('warn', `could not inject ${fault.type} (fault ${fault.id}): ${status.detail}`)
        void entry.performance.undo().then(() => {
          become(entry, 'failed')
          if (entry.unwanted) held.delete(fault.id)
        })
      },
    )
  }

  function become(entry: Held, state: HeldFaultStatus['state']): void {
    entry.status.state = state
    onChange()
  }

  function endInTime(entry: Held): void {
    const { endsAt } = entry.fault
    if (endsAt === undefined) return
    const leftMs = endsAt - now()
    entry.timer = setTimeout(
      () => {
        if (leftMs > longestTimerMs) endInTime(entry)
        else void heal(entry)
      },
      Math.min(Math.max(0, leftMs), longestTimerMs),
    )
  }

  async function heal(entry: Held): Promise<void> {
    const { status, fault, performance } = entry
    clearTimeout(entry.timer)
    if (status.state === 'injecting' || status.state === 'armed' || status.state === 'active') {
      become(entry, 'healing')
      await performance.undo()
      onEvent('info', `healed ${fault.type} (fault ${fault.id})`)
      become(entry, 'ended')
    }
    if (entry.unwanted && (status.state === 'ended' || status.state === 'failed')) {
      held.delete(fault.id)
      onChange()
    }
  }

  return {
    hold(wanted) {
      const ids = new Set(wanted.map(({ id }) => id))
      for (const [id, entry] of held) {
        if (ids.has(id)) continue
        entry.unwanted = true
        void heal(entry)
      }
      for (const fault of wanted) if (!held.has(fault.id)) inject(fault)
    },
    status: () => [...held.values()].map(({ status }) => ({ ...status })),
    async stop(withinMs) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs)
      })
      await Promise.race([Promise.all([...held.values()].map(heal)), late])
      clearTimeout(timer)
    },
  }
}
