import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { WorldAnswer } from '../ledger/world.ts'
import { interleaved } from '../statistics.ts'

const many = 1_000_000
const few = 10_000
const planes = 10_000_000
/** Messages of one timed round: whole batches of 500. */
const roundMessages = 20_000
const mebibyte = 1_048_576

function start(program: 'world' | 'planes', messages: number): ChildProcess {
  const path = fileURLToPath(new URL(`../ledger/${program}.ts`, import.meta.url))
  return fork(path, [String(messages)], { execArgv: ['--import', 'tsx', '--max-old-space-size=6144'] })
}

async function answerOf(child: ChildProcess): Promise<WorldAnswer> {
  const [said] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the ledger's process ended with ${code}`)
    }),
  ])
  return said as WorldAnswer
}

/**
 * CPU of the control plane's ledger and journeys a message, with a large backlog and with a small one, each in a process of its
 * own and in turn; and the memory of the bits of ten million messages that nobody has handled.
 */
export async function ledger({ repetitions }: { repetitions: number }): Promise<object> {
  const worlds = [start('world', many), start('world', few)] as const
  try {
    const [large] = await Promise.all(worlds.map(answerOf))
    const round = (world: ChildProcess) => async (): Promise<number> => {
      world.send({ messages: roundMessages })
      return (await answerOf(world)).cpuUs / roundMessages
    }
    const { first, second, ratio } = await interleaved(repetitions, round(worlds[0]), round(worlds[1]))
    const bits = await answerOf(start('planes', planes))
    return {
      unit: 'CPU microseconds a message',
      [`at ${many} outstanding`]: first,
      [`at ${few} outstanding`]: second,
      ratio,
      [`resident MiB at ${many} outstanding, journeys included`]: Math.round((large?.rssBytes ?? 0) / mebibyte),
      [`MiB of bits at ${planes} outstanding, two groups`]: Math.round(bits.rssBytes / mebibyte),
    }
  } finally {
    for (const world of worlds) world.kill()
  }
}
