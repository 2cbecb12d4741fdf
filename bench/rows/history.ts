import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerOf } from '../child-answer.ts'
import type { HistoryAnswer } from '../history/world.ts'
import { startProgram } from '../ledger/start-world.ts'
import { spread } from '../statistics.ts'

const mebibyte = 1_048_576

/** What a step through time takes with so many messages behind it, and what it costs to record them. */
export async function history({ messages }: { messages: number }): Promise<object> {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-bench-'))
  const child = startProgram('../history/world', [String(messages), directory])
  try {
    const answer = await answerOf<HistoryAnswer>(child, "the history's process")
    const { recorded, unrecorded, anywhere, playing } = answer
    return {
      messages,
      'ms a step, anywhere': anywhere,
      'ms a step, one second after another': playing,
      'bytes a message on disk': Math.round((answer.diskBytes / messages) * 10) / 10,
      'MiB on disk': Math.round(answer.diskBytes / mebibyte),
      'resident MiB': Math.round(answer.rssBytes / mebibyte),
      'ms to read it again': Math.round(answer.openedInMs),
      'CPU microseconds a message, recorded': spread(recorded),
      'the same, not recorded': spread(unrecorded),
      ratio: spread(recorded.map((cost, index) => cost / (unrecorded[index] ?? Number.NaN))),
    }
  } finally {
    child.kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }
}
