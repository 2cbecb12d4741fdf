import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { numbersIn, optionsFor, removeFolders, temporaryFolder, upTo } from './segment-log.fixture.ts'
import { SegmentLog } from './segment-log.ts'

afterEach(removeFolders)

const program = fileURLToPath(new URL('./append-until-killed.fixture.ts', import.meta.url))

/** What it says until it ends; `said` is given each line and may end it. */
async function run(child: ChildProcess, said: (line: string) => void): Promise<void> {
  if (!child.stdout) throw new Error('the writer has no output')
  const ended = once(child, 'close')
  for await (const line of createInterface(child.stdout)) said(line)
  await ended
}

it('G1 G3 SIGKILL while writing: every append that returned is there, in order, and nothing is torn', async () => {
  const directory = temporaryFolder()
  let last = 0
  for (let round = 0; round < 12; round += 1) {
    const child = spawn(process.execPath, ['--import', 'tsx', program, directory, '1000000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const until = last + 1 + ((round * 89) % 400)
    await run(child, (line) => {
      last = Number(line)
      if (last >= until && !child.killed) child.kill('SIGKILL')
    })
    expect(child.signalCode).toBe('SIGKILL')
    const log = new SegmentLog(optionsFor(directory))
    const numbers = await numbersIn(log)
    expect(numbers.length).toBeGreaterThanOrEqual(last)
    expect(numbers).toEqual(upTo(numbers.length))
  }
})

it.runIf(process.platform === 'linux')(
  'G7 a file that the operating system lets grow no more: what returned is there, half a record is not',
  async () => {
    const directory = temporaryFolder()
    // Of 512 bytes each: less than one segment, so that a write is cut short within it.
    const command = `ulimit -f 3; exec "$0" --import tsx "$1" "$2" 1000000`
    const child = spawn('sh', ['-c', command, process.execPath, program, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    await run(child, (line) => lines.push(line))
    expect(lines.at(-1)).toBe('EFBIG')
    const last = Number(lines.at(-2))
    expect(await numbersIn(new SegmentLog(optionsFor(directory)))).toEqual(upTo(last))
  },
)
