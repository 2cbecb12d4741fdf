import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Children of the supervisor by name, from the run file of a data folder. */
export function childPids(dataDir: string): Record<string, number> {
  const { children } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as {
    children: Record<string, { pid: number }>
  }
  return Object.fromEntries(Object.entries(children).map(([name, { pid }]) => [name, pid]))
}
