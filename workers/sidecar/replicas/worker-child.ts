import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { createFrameReader, type PipeFrame } from '../telemetry/frame-reader.ts'

export interface WorkerChildOptions {
  entry: string
  /** Loaded before the entry: it sends connections through the links. */
  preload: string
  env: Record<string, string>
  onFrame: (frame: PipeFrame) => void
  onOutput: (stream: 'stdout' | 'stderr', line: string) => void
  /** An invalid frame came on the telemetry pipe. */
  onBroken: (error: unknown) => void
  /** It is gone and everything that it wrote was read. `how`: `SIGKILL`, `code 1`, or why it did not start. */
  onEnded: (how: string) => void
}

/** One process of a worker. */
export interface WorkerChild {
  readonly pid: number | undefined
  /** One line on its standard input. */
  writeLine(line: string): void
  kill(signal: NodeJS.Signals): void
}

/** A process that is gone while another still holds its pipes: what comes now is not its own. */
const heldPipesMs = 2_000

/**
 * Starts a worker with its pipes as worker-protocol.ts says. Its standard input is its parent watchdog: it ends with this process.
 * It runs as this process does (`execArgv`), so a sidecar that runs from TypeScript runs its worker from TypeScript.
 */
export function startWorkerChild(options: WorkerChildOptions): WorkerChild {
  const { entry, preload, env, onFrame, onOutput, onBroken, onEnded } = options
  const child = spawn(process.execPath, [...process.execArgv, '-r', preload, entry], {
    env,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const [stdin, stdout, stderr, frames] = child.stdio
  let how: string | undefined
  let over = false

  function end(reason: string): void {
    if (over) return
    over = true
    onEnded(how ?? reason)
  }

  // A worker that dies while it is written to is reported by its exit.
  stdin?.on('error', () => undefined)
  for (const [name, stream] of [
    ['stdout', stdout],
    ['stderr', stderr],
  ] as const) {
    if (stream) createInterface({ input: stream }).on('line', (line) => onOutput(name, line))
  }
  readFrames(frames, onFrame, onBroken)
  child.once('error', (error) => end(`it could not be started: ${error.message}`))
  child.once('exit', (code, signal) => {
    how = signal ?? `code ${code}`
    setTimeout(() => {
      for (const stream of child.stdio) stream?.destroy()
    }, heldPipesMs).unref()
  })
  child.once('close', () => end('it ended'))

  return {
    pid: child.pid,
    writeLine: (line) => {
      stdin?.write(`${line}\n`)
    },
    kill: (signal) => {
      child.kill(signal)
    },
  }
}

function readFrames(
  stream: ChildProcess['stdio'][number],
  onFrame: (frame: PipeFrame) => void,
  onBroken: (error: unknown) => void,
): void {
  if (!stream || !isReadable(stream)) return
  const read = createFrameReader(onFrame)
  let broken = false
  stream.on('error', () => undefined)
  stream.on('data', (chunk: Buffer) => {
    if (broken) return
    try {
      read(chunk)
    } catch (error) {
      broken = true
      onBroken(error)
    }
  })
}

const isReadable = (stream: Readable | Writable): stream is Readable => 'read' in stream
