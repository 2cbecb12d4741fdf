import { simulate } from '../ledger-shards/simulate.ts'
import { spread } from '../statistics.ts'

const load = { partitions: 10_000, producers: 1_009, perSecond: 1_000_000, seconds: 2 }

/**
 * What the ledger alone costs at a million messages a second over 10,000 partitions, cut into shards by producer and epoch: the real
 * ledger of each shard, all in one process and in turn, and what goes to the one that merges counts and watermarks.
 */
export function ledgerShards({ repetitions }: { repetitions: number }): object {
  const counts = [1, 10, 100]
  const costs = counts.map(() => [] as ReturnType<typeof simulate>[])
  // The first round warms up.
  for (let repetition = 0; repetition <= repetitions; repetition += 1)
    for (const [index, shards] of counts.entries()) {
      const cost = simulate({ ...load, shards })
      if (repetition > 0) costs[index]?.push(cost)
    }
  const figures = counts.map((shards, index) => {
    const of = (name: keyof ReturnType<typeof simulate>) => spread((costs[index] ?? []).map((cost) => cost[name]))
    return [
      `${shards} shards`,
      {
        'CPU microseconds a message in the ledger': of('ledgerUs'),
        'of making reports': of('reportUs'),
        'of merging them': of('mergeUs'),
        'ms a merge': of('mergeMs'),
        'bytes a second to the merger': of('mergeBytesPerSecond'),
      },
    ]
  })
  return { ...load, ...Object.fromEntries(figures) }
}
