import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'

/** How long the event loop may be blocked before the process is ended, in milliseconds. */
const longestBlockMs = 20_000
const looksPerBlock = 20

const note = z.object({ at: z.number(), blockedMs: z.number() })

/**
 * Runs beside the event loop and checks that it still runs. If it is blocked, a note is written and the process is
 * ended by SIGKILL: whoever runs it (the supervisor, a container engine) starts it again. It counts its own looks and reads no
 * clock, so that a machine or a process that was paused as a whole has missed none.
 */
const looker = `
  const { workerData } = require('node:worker_threads')
  const { writeFileSync } = require('node:fs')
  const beats = new Int32Array(workerData.shared)
  let seen = -1
  let missed = 0
  setInterval(() => {
    const now = Atomics.load(beats, 0)
    missed = now === seen ? missed + 1 : 0
    seen = now
    if (missed < workerData.looks) return
    try {
      const note = { at: Date.now(), blockedMs: missed * workerData.everyMs }
      writeFileSync(workerData.path, JSON.stringify(note), { mode: 0o600 })
      writeFileSync(2, 'the event loop was blocked for ' + note.blockedMs / 1000 + ' s: the process is ended\\n')
    } catch {}
    process.kill(process.pid, 'SIGKILL')
  }, workerData.everyMs)
`

/** Where a process that was ended leaves its note, below the data folder. */
export const watchdogPath = (dataDir: string): string => join(dataDir, 'state', 'blocked.json')

export interface Watchdog {
  stop(): Promise<void>
}

/** Ends this process when its event loop is blocked for `blockMs` (default 20 s); `path` then says so to the next one. */
export function startWatchdog(path: string, blockMs = longestBlockMs): Watchdog {
  const everyMs = blockMs / looksPerBlock
  const shared = new SharedArrayBuffer(4)
  const beats = new Int32Array(shared)
  const beating = setInterval(() => Atomics.add(beats, 0, 1), everyMs / 2)
  beating.unref()
  const worker = new Worker(looker, {
    eval: true,
    execArgv: [],
    workerData: { shared, path, everyMs, looks: looksPerBlock },
  })
  worker.unref()
  // Without it the process lives on as it did before there was one.
  worker.on('error', () => undefined)
  return {
    async stop() {
      clearInterval(beating)
      await worker.terminate()
    },
  }
}

/** What the process before this one was ended for, in a sentence for the event log; once. */
export function takeWatchdogNote(path: string): string | undefined {
  try {
    const { at, blockedMs } = note.parse(JSON.parse(readFileSync(path, 'utf8')))
    rmSync(path)
    return `web was restarted: its event loop was blocked for ${Math.round(blockedMs / 1_000)} s, until ${new Date(at).toISOString()}`
  } catch {
    // There is none, or the end that it reports cut it short.
    rmSync(path, { force: true })
    return undefined
  }
}
