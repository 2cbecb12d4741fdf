import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../journal/checkpoint.ts'
import { openedIntakes, type openIntake } from './system.fixture.ts'

const directories: string[] = []
afterEach(async () => {
  // One that still writes its checkpoint would put it into a folder that is being removed.
  for (const intake of openedIntakes.splice(0)) await intake.close()
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true })
})

export async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-intake-'))
  directories.push(directory)
  return directory
}

/** The folder as a kill would leave it: whatever the process at work does to its own afterwards is not in this one. */
export async function leftByKill(directory: string): Promise<string> {
  const left = await temporary()
  cpSync(directory, left, { recursive: true, filter: (path) => !path.endsWith('.new') })
  return left
}

/** Takes the journeys out of the checkpoint, so that the next start reads what is behind it, as after one of a former version. */
export async function forgetPast(directory: string): Promise<void> {
  const checkpoint = await readCheckpoint(directory)
  if (checkpoint) await writeCheckpoint(directory, { ...checkpoint, past: undefined })
}

/** What counts and totals must be equal to after any restart. */
export const figuresOfBooks = ({ ledger, metrics, context }: Awaited<ReturnType<typeof openIntake>>) => ({
  publishes: [...ledger.publishes.entries()].sort(),
  groups: [...ledger.groups.entries()].sort(),
  anomalies: context.anomalies.list(),
  totals: [...metrics.flow.byId]
    .map(([id, { flow }]) => [id, flow.total])
    .filter(([, total]) => total !== 0)
    .sort(),
})
