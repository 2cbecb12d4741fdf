import type { CrashNote } from '#contracts/protocols/worker.ts'
import type { Delivery, DeliveryHandler, Settlement } from '#workers/broker/broker.ts'

/**
 * Runs messages that may have ended a process one at a time, with nothing else in flight: when one of them does it again, it is known
 * which. Everything else runs in its batches as ever, and the order of a batch is kept.
 */
export function suspectsAlone(
  handle: DeliveryHandler,
  crashOf: (id: string) => CrashNote | undefined,
): DeliveryHandler {
  const gate = createGate()
  return async (deliveries) => {
    const settlements: Settlement[] = []
    for (const { note, those } of runsOf(deliveries, crashOf)) {
      const run = async () => void settlements.push(...(await handle(those)))
      await (note === undefined ? gate.together(run) : gate.alone(run))
    }
    return settlements
  }
}

interface Run {
  /** Of the one suspect in it; undefined if none of the messages is a suspect. */
  note: CrashNote | undefined
  those: Delivery[]
}

function runsOf(deliveries: readonly Delivery[], crashOf: (id: string) => CrashNote | undefined): Run[] {
  const runs: Run[] = []
  for (const delivery of deliveries) {
    const known = delivery.envelope && crashOf(delivery.envelope.id)
    const note = known?.cleared ? undefined : known
    const last = runs.at(-1)
    if (note === undefined && last !== undefined && last.note === undefined) last.those.push(delivery)
    else runs.push({ note, those: [delivery] })
  }
  return runs
}

/** Lets many run together, or one alone. One that waits to be alone is next: those that come later wait behind it. */
function createGate() {
  let running = 0
  let last: Promise<void> = Promise.resolve()
  let idle: () => void = () => undefined

  async function leave(): Promise<void> {
    running -= 1
    if (running === 0) idle()
  }
  async function together<T>(work: () => Promise<T>): Promise<T> {
    await last
    running += 1
    return work().finally(leave)
  }
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      if (running > 0)
        await new Promise<void>((resolve) => {
          idle = resolve
        })
      return work()
    })
    last = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }
  return { together, alone }
}
