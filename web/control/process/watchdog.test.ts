import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { takeWatchdogNote } from './watchdog.ts'

/** The loop of one that the dog does not end would stand still for ever. */
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function run(path: string, work: string) {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `import { startWatchdog } from './web/control/process/watchdog.ts'\n${work}`,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NOTE: path } },
  )
  children.push(child)
  return child
}

it('ends a process whose event loop is blocked, and reports it to the next one once', async () => {
  const path = join(await temporaryFolder('watchdog'), 'blocked.json')
  const child = run(path, 'startWatchdog(process.env.NOTE, 400); setImmediate(() => { for (;;); })')
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
  expect(said).toContain('the event loop was blocked')
  expect(takeWatchdogNote(path)).toMatch(/^web was restarted: its event loop was blocked for \d+ s/)
  expect(takeWatchdogNote(path)).toBeUndefined()
})

it('leaves one alone that was paused as a whole, and keeps none from ending', async () => {
  const folder = await temporaryFolder('watchdog')
  const path = join(folder, 'blocked.json')
  const child = run(
    path,
    `startWatchdog(process.env.NOTE, 400)
    const beat = setInterval(() => console.log('beat'), 50)
    process.stdin.on('end', () => clearInterval(beat)).resume()`,
  )
  const beats = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= 1) await once(child.stdout, 'data')
  }
  await beats(1)
  child.kill('SIGSTOP')
  // It is paused until the dog of another one, whose loop is blocked from now on, has found its time over.
  const other = run(
    join(folder, 'other.json'),
    'startWatchdog(process.env.NOTE, 400); setImmediate(() => { for (;;); })',
  )
  expect(await once(other, 'close')).toEqual([null, 'SIGKILL'])
  child.kill('SIGCONT')
  // Twice the dog's time.
  await beats(16)
  child.stdin.end()
  expect(await once(child, 'close')).toEqual([0, null])
  expect(existsSync(path)).toBe(false)
})

it('takes a note that cannot be read away', async () => {
  const path = join(await temporaryFolder('watchdog'), 'blocked.json')
  writeFileSync(path, '{"at"')
  expect(takeWatchdogNote(path)).toBeUndefined()
  expect(existsSync(path)).toBe(false)
})
