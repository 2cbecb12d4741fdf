/**
 * Started by the rows `ledger` and `outstanding` with a number of messages and a folder: reads the journal in that folder, and takes
 * telemetry into it as the control plane does, frame by frame, until that many publishes wait that nobody has handled. For every message
 * `{rounds}` it lets that many be published and as many of the oldest handled, so that the backlog stays as it is; for
 * `{drain}` so many of the oldest are handled. Answers the CPU time of taking it in, without that of making the frames.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { frameOf, groups, openIntake } from '../../web/control/intake/system.fixture.ts'
import { segmentBytes } from '../../web/control/journal/journal.ts'
import { usualLimits } from '../../web/control/journeys/packing.ts'
import { wholeLife } from '../../web/control/journeys/telemetry-life.fixture.ts'
import { keptSettled } from '../../web/control/journeys/trace-store.ts'

export interface WorldAnswer {
  /** Of the control plane's work since the last answer. */
  cpuUs: number
  rssBytes: number
  /** The most that it was so far. */
  peakBytes: number
  heapBytes: number
  diskBytes: number
  /** Unsettled journeys that are not objects. */
  packed: number
  /** Unsettled journeys. */
  open: number
  /** How long it took to read what is on disk, and the processor time of that. */
  openedInMs: number
  openedCpuMs: number
}

export type WorldTask = { rounds: number } | { drain: number }

const batch = 500
const [, , count = '', directory = ''] = process.argv
const outstanding = Number(count)
const begunAt = performance.now()
const cpuBefore = process.cpuUsage()
const { intake, traces, ledger, entries } = await openIntake(directory, {
  ...{ segment: segmentBytes, kept: keptSettled, now: Date.now, packing: usualLimits },
})
const openedInMs = performance.now() - begunAt
const { user, system } = process.cpuUsage(cpuBefore)
const openedCpuMs = (user + system) / 1_000
const at = Date.now()
const counts = ledger.groups.at('order_placed', 'consumer-db')
let published = counts.owed
let handled = counts.delivered
let frames = 0
let cpuUs = 0

/** Takes the telemetry of one batch in, and counts what that costs. */
async function take(life: ReturnType<typeof wholeLife>): Promise<void> {
  frames += 1
  const frame = frameOf(`all-${process.pid}`, frames, life)
  const before = process.cpuUsage()
  intake.takeFrames([frame])
  // A checkpoint that was begun goes on.
  await setImmediate()
  const { user, system } = process.cpuUsage(before)
  cpuUs += user + system
}

async function publish(): Promise<void> {
  await take(wholeLife(published + 1, batch, [], at))
  published += batch
}

async function handle(): Promise<void> {
  await take(wholeLife(handled + 1, batch, groups, at).slice(2))
  handled += batch
}

function answer(): void {
  const { waiting } = counts
  if (waiting !== published - handled) throw new Error(`the ledger has ${waiting} waiting, not ${published - handled}`)
  if (traces.openByType.get('order_placed') !== waiting)
    throw new Error('the journeys are not as many as the ledger says')
  if (entries.problem !== undefined) throw new Error(entries.problem)
  const { rss, heapUsed, external } = process.memoryUsage()
  const said: WorldAnswer = {
    ...{ cpuUs, rssBytes: rss, peakBytes: process.resourceUsage().maxRSS * 1_024, heapBytes: heapUsed + external },
    ...{ packed: traces.order.packed, open: waiting, openedInMs, openedCpuMs },
    diskBytes: readdirSync(directory).reduce((bytes, name) => bytes + statSync(join(directory, name)).size, 0),
  }
  cpuUs = 0
  process.send?.(said)
}

process.on('message', async (task: WorldTask) => {
  const messages = 'rounds' in task ? task.rounds : task.drain
  for (let done = 0; done < messages; done += batch) {
    if ('rounds' in task) await publish()
    await handle()
  }
  answer()
})
while (published - handled < outstanding) await publish()
// What is held, not what has been thrown away.
globalThis.gc?.()
answer()
