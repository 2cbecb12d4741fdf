import { readdirSync, readFileSync } from 'node:fs'

/**
 * Processor time of a process so far, in microseconds, of all its threads that live: finer than the clock ticks of its `stat`, for what lasts
 * less than a second.
 */
export function cpuMicrosecondsOf(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    0,
  )
  return nanoseconds / 1e3
}
