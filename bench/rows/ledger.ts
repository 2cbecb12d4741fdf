import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerOf } from '../child-answer.ts'
import { ledgerProcess, startProgram, startWorld, type World } from '../ledger/start-world.ts'
import type { WorldAnswer } from '../ledger/world.ts'
import { interleaved } from '../statistics.ts'

const few = 10_000
const planes = 10_000_000
/** Messages of one timed round: whole batches of 500. */
const roundMessages = 20_000
/** Before the rounds: so many that those handled then were packed, where any is, and that settled ones are dropped as new ones come. */
const warmUpMessages = 110_000
const drained = 100_000
const mebibyte = 1_048_576

/**
 * The control plane's ledger and journeys at `many` outstanding messages: CPU a message beside a small backlog, each in a process of
 * its own and in turn; memory, disk; what the oldest cost when they are handled; and reading it all after a SIGKILL.
 */
export async function outstanding({ many, repetitions }: { many: number; repetitions: number }): Promise<object> {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-bench-'))
  const worlds: World[] = []
  const begin = async (messages: number, name: string): Promise<World> => {
    const world = await startWorld(messages, join(directory, name))
    worlds.push(world)
    return world
  }
  try {
    const [large, small] = [await begin(many, 'many'), await begin(few, 'few')]
    for (const world of worlds) await world.round(warmUpMessages)
    const { first, second, ratio } = await interleaved(
      repetitions,
      () => large.round(roundMessages),
      () => small.round(roundMessages),
    )
    const { cpuUs } = await large.ask({ drain: drained })
    for (const world of worlds) await world.kill()
    const again = await begin(0, 'many')
    if (again.grown.open !== many - drained) throw new Error(`after a SIGKILL ${again.grown.open} are open`)
    return {
      unit: 'CPU microseconds a message',
      outstanding: many,
      'taking in a publish while the backlog grows': large.grown.cpuUs / many,
      'publish and both deliveries, beside the backlog': first,
      [`the same beside ${few}`]: second,
      ratio,
      [`both deliveries of the oldest ${drained}`]: cpuUs / drained,
      grown: memoryOf(large.grown),
      [`read again after SIGKILL, ${many - drained} open`]: {
        ...memoryOf(again.grown),
        seconds: Math.round(again.grown.openedInMs / 100) / 10,
        'seconds of CPU': Math.round(again.grown.openedCpuMs / 100) / 10,
      },
    }
  } finally {
    for (const world of worlds) await world.kill()
    await rm(directory, { recursive: true, force: true })
  }
}

function memoryOf({ rssBytes, peakBytes, heapBytes, diskBytes, packed }: WorldAnswer): object {
  const inMebibytes = (bytes: number): number => Math.round(bytes / mebibyte)
  return {
    'resident MiB': inMebibytes(rssBytes),
    'resident MiB at most': inMebibytes(peakBytes),
    'MiB in use': inMebibytes(heapBytes),
    'MiB on disk': inMebibytes(diskBytes),
    packed,
  }
}

/** The same with a million, and the memory of the bits alone of ten million messages that nobody has handled. */
export async function ledger({ repetitions }: { repetitions: number }): Promise<object> {
  const measured = await outstanding({ many: 1_000_000, repetitions })
  const bits = await answerOf<Pick<WorldAnswer, 'rssBytes'>>(startProgram('planes', [String(planes)]), ledgerProcess)
  return { ...measured, [`MiB of bits at ${planes} outstanding, two groups`]: Math.round(bits.rssBytes / mebibyte) }
}
