import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interleaved } from '../statistics.ts'
import { startWebWorld, type WebWorld } from '../web/start-world.ts'
import { openViewer, type Viewer } from '../web/viewer.ts'

const mebibyte = 1_048_576
const roundSeconds = 4

interface Opened {
  world(): Promise<WebWorld>
  viewer(world: WebWorld, options?: { stalled: boolean }): Promise<Viewer>
}

/** Runs `work` with a way to start worlds and to open viewers, which all end with it. */
async function withWorlds<Result>(work: (start: Opened) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-bench-'))
  const worlds: WebWorld[] = []
  const viewers: Viewer[] = []
  try {
    return await work({
      async world() {
        const world = await startWebWorld(join(directory, String(worlds.length)))
        worlds.push(world)
        return world
      },
      async viewer({ port }, options) {
        const viewer = await openViewer(port, options)
        viewers.push(viewer)
        return viewer
      },
    })
  } finally {
    for (const viewer of viewers) await viewer.close()
    for (const world of worlds) await world.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Bytes a second from web to one browser with its tail open, at 10,000 and at 1,000 messages a second: telemetry replayed into web. */
export const browserBytes = ({ repetitions }: { repetitions: number }): Promise<object> =>
  withWorlds(async (start) => {
    const world = await start.world()
    const viewer = await start.viewer(world)
    const side = (ratePerSecond: number) => async (): Promise<number> => {
      const [bytes, frames, begun] = [viewer.bytes(), viewer.frames(), performance.now()]
      await world.take(ratePerSecond * roundSeconds, { ratePerSecond })
      const seconds = (performance.now() - begun) / 1_000
      if (viewer.frames() - frames < seconds * 2) throw new Error('void: fewer than two frames a second')
      return (viewer.bytes() - bytes) / seconds
    }
    const { first, second, ratio } = await interleaved(repetitions, side(10_000), side(1_000))
    return { unit: 'bytes a second to one browser', 'at 10,000 msg/s': first, 'at 1,000 msg/s': second, ratio }
  })

const few = 10_000
/** So many settled journeys are kept: from there on nothing more should be. */
const full = 100_000
const stalledMessages = 200_000

/** Resident memory of web after so many messages and after few, and with a browser that reads nothing beside one that reads all. */
export const webMemory = ({ messages, repetitions }: { messages: number; repetitions: number }): Promise<object> =>
  withWorlds(async (start) => {
    const world = await start.world()
    await start.viewer(world)
    const steps = [few, full, messages]
    const resident: number[] = []
    const used: number[] = []
    for (const [index, count] of steps.entries()) {
      await world.take(count - (steps[index - 1] ?? 0))
      const { rssBytes, usedBytes } = await world.figures()
      resident.push(rssBytes / mebibyte)
      used.push(Math.round(usedBytes / mebibyte))
    }
    await world.stop()
    const withViewer = (stalled: boolean) => async (): Promise<number> => {
      const one = await start.world()
      await start.viewer(one, { stalled })
      await one.take(stalledMessages)
      const { rssBytes } = await one.figures()
      await one.stop()
      return rssBytes / mebibyte
    }
    const stalled = await interleaved(Math.min(repetitions, 3), withViewer(true), withViewer(false))
    const [small = Number.NaN, whole = Number.NaN, large = Number.NaN] = resident
    return {
      unit: 'MiB resident after a collection of garbage',
      ...Object.fromEntries(steps.map((count, index) => [`after ${count}`, Math.round(resident[index] ?? 0)])),
      'of it in use': used,
      [`ratio ${messages} / ${few}`]: large / small,
      [`ratio ${messages} / ${full}, all that are kept`]: large / whole,
      [`with a stalled browser, ${stalledMessages} messages`]: stalled.first,
      without: stalled.second,
      'ratio stalled / not': stalled.ratio,
    }
  })

const lookups = 200
const idOf = (seq: number): string => `producer-1:1:order_placed:${seq}`
/** Places that are spread over all of them, and the same in every run. */
const places = (count: number, round: number): number[] =>
  Array.from({ length: lookups }, (_, index) => 1 + ((index * 617_403_289 + round * 7_919) % count))

/** Looking a message up by its id, and by a text that one in a hundred holds, among many and among few: nine in ten of them unhandled. */
export const find = ({ messages, repetitions }: { messages: number; repetitions: number }): Promise<object> =>
  withWorlds(async (start) => {
    const worlds = [await start.world(), await start.world()] as const
    const counts = [messages, 1_000] as const
    for (const [index, world] of worlds.entries()) {
      const count = counts[index] ?? 0
      await world.take(count * 0.9, { handled: false })
      await world.take(count * 0.1)
    }
    let round = 0
    const ids = (index: 0 | 1) => () => worlds[index].byId(places(counts[index], round++).map(idOf))
    const texts = Array.from({ length: 20 }, (_, index) => `${String(index * 5).padStart(2, '0')}","email"`)
    const text = (index: 0 | 1, limit: number) => () => worlds[index].byText(texts, limit)
    const byId = await interleaved(repetitions, ids(0), ids(1))
    const firstFind = await interleaved(repetitions, text(0, 1), text(1, 1))
    const page = await interleaved(repetitions, text(0, 50), text(1, 50))
    return {
      unit: 'ms, 95th percentile',
      ...{ messages, few: counts[1], 'by id': byId, 'by text, the newest that holds it': firstFind },
      'by text, a page of at most 50, of which the few have 10': page,
    }
  })
