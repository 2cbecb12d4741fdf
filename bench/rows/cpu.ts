import type { BenchContext } from '../context.ts'
import { moveTo } from '../move-to.ts'
import { processesByName } from '../processes/lab-processes.ts'
import { settledRound } from '../settled-round.ts'
import { percentile, type Spread, spread } from '../statistics.ts'

interface Round {
  /** Microseconds of processor time per message, by process. */
  byProcess: Map<string, number>
  seconds: number
}

/** PostgreSQL's work is the database's, not the lab's: it is reported beside the sum. */
const beside = new Set(['postgres'])

/** Replicas are reported together, and without the number that a replica has. */
const serviceOf = (name: string): string => name.replace(/-\d+$/, '')

async function cpuNow({ lab }: BenchContext): Promise<Map<string, number>> {
  const spent = new Map<string, number>()
  for (const [name, processes] of await processesByName(lab)) {
    const microseconds = processes.reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0)
    spent.set(serviceOf(name), (spent.get(serviceOf(name)) ?? 0) + microseconds)
  }
  return spent
}

async function round(context: BenchContext): Promise<Round> {
  const { count, witness } = context
  const mark = await witness.mark()
  const before = await cpuNow(context)
  const { seconds } = await settledRound(context, count)
  const after = await cpuNow(context)
  const duplicates = await witness.duplicatesSince(mark)
  if (duplicates > 0) throw new Error(`void: ${duplicates} mails were sent twice`)
  const byProcess = new Map([...after].map(([name, spent]) => [name, (spent - (before.get(name) ?? 0)) / count]))
  return { byProcess, seconds }
}

const sumOf = ({ byProcess }: Round): number =>
  [...byProcess].reduce((sum, [name, spent]) => sum + (beside.has(name) ? 0 : spent), 0)

/**
 * Processor time per `order_placed`, user and system as the operating system counts them, of each process of the lab and of all of
 * them, on each broker. A busy machine makes a round longer, which costs little of it; so this figure holds where times do not.
 */
export async function cpu(context: BenchContext) {
  const figures: Record<string, { all: Spread; seconds: number; byProcess: Record<string, number> }> = {}
  for (const broker of context.brokers) {
    await moveTo(context.lab.url, broker)
    await round(context)
    const rounds: Round[] = []
    for (let repetition = 0; repetition < context.repetitions; repetition += 1) rounds.push(await round(context))
    const names = [...(rounds[0]?.byProcess.keys() ?? [])].toSorted()
    const medianOf = (name: string): number =>
      Math.round(
        percentile(
          rounds.map(({ byProcess }) => byProcess.get(name) ?? 0),
          0.5,
        ),
      )
    figures[broker] = {
      all: spread(rounds.map(sumOf)),
      seconds: percentile(
        rounds.map(({ seconds }) => seconds),
        0.5,
      ),
      byProcess: Object.fromEntries(names.map((name) => [name, medianOf(name)])),
    }
  }
  return { unit: 'µs of processor time per message; all of them without PostgreSQL', count: context.count, ...figures }
}
