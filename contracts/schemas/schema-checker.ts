import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { writeJson } from '../events/exact-json.ts'
import { holdsExact } from '../events/exact-numbers.ts'
import type { DataProblem } from './data-problems.ts'
import type { ThreadReply, ThreadRequest } from './schema-thread.ts'
import type { SchemaObject } from './walk-schema.ts'

/** A check took longer or more memory than it may have. The same schema and data would again. */
export class SchemaTooCostly extends Error {
  override readonly name = 'SchemaTooCostly'
}

/** Too many checks wait, or this one waited too long, or the process stops. Later it may be made. */
export class SchemaCheckerBusy extends Error {
  override readonly name = 'SchemaCheckerBusy'
}

/** The schema itself cannot be used; `problems` have JSON pointers into it. */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused'
  readonly problems: DataProblem[]
  constructor(problems: DataProblem[]) {
    super(problems.map(({ path, message }) => `the schema${path && ` at ${path}`} ${message}`).join('; '))
    this.problems = problems
  }
}

/** Bounds of one checker. */
export interface CheckerLimits {
  /** Whether every problem is looked for, or the first is enough. */
  allErrors: boolean
  /**
   * Milliseconds that one check may take, its schema's compilation included. Where the processor was busy with other work it may take
   * up to ten times as long: such a machine says nothing about the schema.
   */
  deadlineMs: number
  /** Milliseconds after which a check that still waits for its turn is given up; the start of the thread is not counted. */
  waitMs: number
  /** Checks that wait at most. */
  waiting: number
  /** Megabytes of heap that the thread may have. */
  memoryMb: number
}

const defaults: CheckerLimits = { allErrors: true, deadlineMs: 2_000, waitMs: 4_000, waiting: 1_000, memoryMb: 128 }

/** Checks data against schemas that a user gave, so that none can stop the process. */
export interface SchemaChecker {
  /**
   * What is wrong with the data. Both may hold `ExactJson`: such numbers are compared by every digit. Rejects with `SchemaRefused`,
   * `SchemaTooCostly` or `SchemaCheckerBusy`.
   * @param deadlineMs a shorter deadline for this check
   */
  check(schema: SchemaObject, data: unknown, deadlineMs?: number): Promise<DataProblem[]>
  /** Ends the thread; what waits is rejected. */
  close(): Promise<void>
}

interface Job {
  schema: string
  data: unknown
  deadlineMs: number
  resolve: (problems: DataProblem[]) => void
  reject: (error: Error) => void
  waited: NodeJS.Timeout
}

/** How often a deadline is set again while this process has hardly run, as the processor is busy with others. */
const extensions = 9

/** Schemas that a thread keeps compiled. */
const kept = 300

/**
 * States of the thread: absent → starting → idle ⇄ checking. It is started by the first check. A check that passes its deadline or the
 * memory ends the thread, and the next check starts another; what waited meanwhile is kept. Checks are made one at a time, so that a
 * deadline is of one check alone.
 */
export function createSchemaChecker(given: Partial<CheckerLimits> = {}): SchemaChecker {
  const limits = { ...defaults, ...given }
  const waiting: Job[] = []
  const texts = new WeakMap<SchemaObject, string>()
  let closed = false
  let thread: Thread | undefined
  let busy = false
  let starting = false

  async function next(): Promise<void> {
    if (busy) return
    const job = waiting[0]
    if (job === undefined) return
    busy = true
    try {
      thread ??= startThread(limits)
      starting = true
      await thread.ready
      starting = false
      // It may have waited too long meanwhile.
      if (waiting[0] === job) {
        waiting.shift()
        clearTimeout(job.waited)
        job.resolve(await thread.run(job))
      }
    } catch (error) {
      if (waiting[0] === job) waiting.shift()
      clearTimeout(job.waited)
      job.reject(error instanceof Error ? error : new Error(String(error)))
    }
    if (thread?.isOver()) thread = undefined
    starting = false
    busy = false
    void next()
  }

  function textOf(schema: SchemaObject): string {
    const text = texts.get(schema) ?? writeJson(schema)
    texts.set(schema, text)
    return text
  }

  return {
    check(schema, data, deadlineMs = limits.deadlineMs) {
      if (closed) return Promise.reject(new SchemaCheckerBusy('schemas are not checked any more: the process stops'))
      if (waiting.length >= limits.waiting) {
        return Promise.reject(new SchemaCheckerBusy(`${limits.waiting} checks wait already, which is the most`))
      }
      return new Promise((resolve, reject) => {
        const job: Job = {
          ...{ schema: textOf(schema), data, deadlineMs, resolve, reject },
          waited: setTimeout(() => {
            if (starting) return void job.waited.refresh()
            const at = waiting.indexOf(job)
            if (at >= 0) waiting.splice(at, 1)
            reject(new SchemaCheckerBusy(`the check waited ${limits.waitMs} ms for its turn`))
          }, limits.waitMs),
        }
        waiting.push(job)
        void next()
      })
    },
    async close() {
      closed = true
      for (const job of waiting.splice(0)) {
        clearTimeout(job.waited)
        job.reject(new SchemaCheckerBusy('schemas are not checked any more: the process stops'))
      }
      await thread?.end()
    },
  }
}

interface Thread {
  readonly ready: Promise<void>
  run(job: Job): Promise<DataProblem[]>
  isOver(): boolean
  end(): Promise<void>
}

function startThread({ allErrors, memoryMb }: CheckerLimits): Thread {
  const { file, ...source } = threadFile()
  const worker = new Worker(file, {
    ...source,
    execArgv: [],
    workerData: { allErrors },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
  })
  const keys = new Map<string, number>()
  let over = false
  let count = 0
  let settle: ((outcome: ThreadReply | Error) => void) | undefined
  const end = async (): Promise<void> => {
    over = true
    settle?.(new SchemaCheckerBusy('the thread that checks schemas was ended'))
    await worker.terminate()
  }
  worker.on('message', (reply: ThreadReply) => settle?.(reply))
  worker.on('error', (error: Error & { code?: string }) => {
    over = true
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    settle?.(isMemory ? new SchemaTooCostly(`the check needs more than ${memoryMb} MB`) : error)
  })
  worker.on('exit', () => {
    over = true
    settle?.(new Error('the thread that checks schemas ended by itself'))
  })
  // It never keeps a process alive that has nothing else to do. After the listeners, each of which would hold it again.
  worker.unref()
  const reply = (): Promise<ThreadReply> =>
    new Promise((resolve, reject) => {
      settle = (outcome) => {
        settle = undefined
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome)
      }
    })

  /** The schema's text, where the thread does not have it. */
  function named(schema: string): Pick<ThreadRequest, 'key' | 'schema' | 'forget'> {
    const known = keys.get(schema)
    if (known !== undefined) return { key: known }
    const forget = keys.size >= kept
    if (forget) keys.clear()
    count += 1
    keys.set(schema, count)
    return { key: count, schema, ...(forget ? { forget } : {}) }
  }

  function send(request: ThreadRequest, schema: string): void {
    try {
      worker.postMessage(request)
    } catch (error) {
      // Data nested so deep that it cannot be copied. The thread has not seen the schema then.
      if (request.schema !== undefined) keys.delete(schema)
      throw new SchemaTooCostly(`the data cannot be checked: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  return {
    ready: reply().then(() => undefined),
    isOver: () => over,
    end,
    async run({ schema, data, deadlineMs }) {
      count += 1
      const id = count
      const answered = reply()
      const before = process.cpuUsage()
      let extended = 0
      const deadline = setTimeout(() => {
        const { user, system } = process.cpuUsage(before)
        if (extended < extensions && user + system < deadlineMs * 1_000) {
          extended += 1
          deadline.refresh()
          return
        }
        settle?.(new SchemaTooCostly(`the check takes longer than ${deadlineMs} ms`))
        void end()
      }, deadlineMs)
      try {
        send({ id, ...named(schema), ...(holdsExact(data) ? { json: writeJson(data) } : { data }) }, schema)
        const said = await answered
        if (said.kind === 'checked') return said.problems
        if (said.kind === 'schema_refused') throw new SchemaRefused(said.problems)
        throw new SchemaTooCostly(`the check cannot be made: ${said.kind === 'failed' ? said.message : said.kind}`)
      } finally {
        clearTimeout(deadline)
      }
    },
  }
}

/** Beside the built files, whether this code is in one of them or in a chunk that they share; in a checkout its source. */
function threadFile(): { file: string; eval?: true } {
  const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
  if (import.meta.url.endsWith('.ts')) {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))
    const loader = new URL('./dist/esm/api/index.mjs', tsx).href
    const source = new URL('./schema-thread.ts', import.meta.url).href
    const load = `import('${loader}').then(({ register }) => { register(); return import('${source}') })`
    return { file: load, eval: true }
  }
  const built = [at('./schema-thread.js'), at('../schema-thread.js')]
  const file = built.find((path) => existsSync(path))
  if (file === undefined) throw new Error(`${built[0]} is missing: build the processes again`)
  return { file }
}
