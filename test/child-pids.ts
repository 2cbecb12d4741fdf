import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './until.ts'

/** Children of the supervisor by name, from the run file of a data folder. */
export function childPids(dataDir: string): Record<string, number> {
  const { children } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as {
    children: Record<string, { pid: number }>
  }
  return Object.fromEntries(Object.entries(children).map(([name, { pid }]) => [name, pid]))
}

/** The pid of a child of the supervisor, to be killed. Waits while it is being started; throws if it never is: pid 0 would be the caller's own group. */
export const childPid = (dataDir: string, name: string): Promise<number> =>
  until(`the process of ${name}`, async () => childPids(dataDir)[name])
