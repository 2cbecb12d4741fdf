/**
 * Started by the row `history` with a number of messages and a folder: takes the telemetry of so many into a ledger that is recorded,
 * a keyframe a second of their time, then asks for moments of it. Answers what a step takes, and what it costs to record.
 */
import { setImmediate } from 'node:timers/promises'
import { RecordedLabFixture } from '../../web/control/history/fixtures/recorded-lab.ts'
import { frameOf, groups, openIntake } from '../../web/control/intake/system.fixture.ts'
import { segmentBytes } from '../../web/control/journal/journal.ts'
import { journeyView } from '../../web/control/journeys/journey-view.ts'
import { usualLimits } from '../../web/control/journeys/packing.ts'
import { wholeLife } from '../../web/control/journeys/telemetry-life.fixture.ts'
import { keptSettled } from '../../web/control/journeys/trace-store.ts'
import { unheard } from '../../web/control/ledger/ledger-changes.ts'
import { percentile } from '../statistics.ts'

export interface HistoryAnswer {
  messages: number
  /** Bytes of the history on disk. */
  diskBytes: number
  rssBytes: number
  /** Milliseconds of one step: anywhere in the time, and one after another. */
  anywhere: { p50: number; p95: number; most: number }
  playing: { p50: number; p95: number; most: number }
  /** Reading it all again. */
  openedInMs: number
  /** CPU microseconds a message of taking telemetry in, in turn. */
  recorded: number[]
  unrecorded: number[]
}

const [, , count = '', directory = ''] = process.argv
const messages = Number(count)
/** A second of their time. */
const perSecond = 1_000
const steps = 200
const rounds = 9
const roundMessages = 20_000

const clock = { now: Date.parse('2026-01-02T03:04:05Z') }
const { intake, ledger, traces } = await openIntake(`${directory}/telemetry`, {
  ...{ segment: segmentBytes, kept: keptSettled, now: () => clock.now, packing: usualLimits },
})
const journeyOf = (id: string) => {
  const found = ledger.find(id)
  const journey = found && traces.get(found.sequence, found.seq)
  return journey && journeyView(journey, () => undefined)
}
const limits = { seconds: 86_400, maxBytes: 2 ** 40 }
const newLab = () => new RecordedLabFixture(`${directory}/history`, { clock, ledger, limits, nodes: 40, journeyOf })
const lab = await newLab().open()
const begin = clock.now
let published = 0
let frames = 0

/** Takes a second of messages in, of which the newest are delivered in the next one. */
async function second(isRecorded: boolean): Promise<number> {
  const life = wholeLife(published + 1, perSecond, groups, clock.now)
  published += perSecond
  frames += 1
  const frame = frameOf(`all-${process.pid}`, frames, life)
  ledger.changes = isRecorded ? lab.buffer : unheard
  const before = process.cpuUsage()
  intake.takeFrames([frame])
  clock.now += 1_000
  if (isRecorded) await lab.second(0)
  await setImmediate()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

while (published < messages) await second(true)
const end = clock.now

function timed(times: readonly number[]): HistoryAnswer['anywhere'] {
  const { history } = lab
  const took = times.map((t) => {
    const started = performance.now()
    JSON.stringify(history.at(t))
    return performance.now() - started
  })
  return { p50: percentile(took, 0.5), p95: percentile(took, 0.95), most: Math.max(...took) }
}

// Every place is as likely, and no two runs differ.
const anywhere = timed(Array.from({ length: steps }, (_, step) => begin + ((step * 617_403_289) % (end - begin))))
const playing = timed(Array.from({ length: steps }, (_, step) => begin + (end - begin) / 2 + step * 200 + 123))
globalThis.gc?.()
const { rss } = process.memoryUsage()
const diskBytes = lab.files.bytes

const [recorded, unrecorded]: [number[], number[]] = [[], []]
for (let round = 0; round <= rounds; round += 1) {
  for (const isRecorded of round % 2 === 0 ? [true, false] : [false, true]) {
    let cpuUs = 0
    for (let done = 0; done < roundMessages; done += perSecond) cpuUs += await second(isRecorded)
    // The first one warms up.
    if (round > 0) (isRecorded ? recorded : unrecorded).push(cpuUs / roundMessages)
  }
}
await lab.close()
const openedAt = performance.now()
await newLab().index.load()
const answer: HistoryAnswer = {
  ...{ messages, diskBytes, rssBytes: rss, anywhere, playing, openedInMs: performance.now() - openedAt },
  ...{ recorded, unrecorded },
}
process.send?.(answer)
process.disconnect?.()
