import type { RunItem } from '#contracts/api/run.ts'

/** Which runs are listed; the address has them. */
export interface RunFilters {
  /** `pass`, `fail` or `inconclusive`. */
  verdict?: string
  /** Its broker. */
  on?: string
  /** Name of the scenario. */
  of?: string
}

export const runFiltersOf = (query: URLSearchParams): RunFilters =>
  Object.fromEntries(
    ['verdict', 'on', 'of'].flatMap((name) => {
      const value = query.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )

/** Those that the filters let through, in their order. */
export const chosenRuns = (runs: readonly RunItem[], { verdict, on, of }: RunFilters): RunItem[] =>
  runs.filter(
    (run) =>
      (verdict === undefined || run.verdict === verdict) &&
      (on === undefined || run.broker === on) &&
      (of === undefined || run.name === of),
  )

/** The newest run of each scenario that has ended, for the sign beside its name. */
export function latestOf(runs: readonly RunItem[]): Map<string, RunItem> {
  const latest = new Map<string, RunItem>()
  for (const run of runs) if (run.verdict !== undefined && !latest.has(run.name)) latest.set(run.name, run)
  return latest
}
