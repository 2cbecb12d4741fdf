import { Agent, request } from 'node:http'
import fc from 'fast-check'
import { type FuzzRequest, requestsTo } from './fuzz-request.ts'
import { type FuzzAnswer, wrongWith } from './judge.ts'
import { knownValues } from './known-values.ts'
import { operationsOf } from './operations.ts'

export interface FuzzOptions {
  /** Requests in all. */
  requests: number
  /** The same seed makes the same requests, but for the names of what is in the lab by then. */
  seed: number
  /** Requests under way at a time. Default 8. */
  concurrency?: number
  /** Called after every thousand. */
  onProgress?: (sent: number, report: FuzzReport) => void
}

export interface FuzzReport {
  sent: number
  /** Answers by status. */
  statuses: Record<number, number>
  /** Calls, by operation, with the answers that they had below 400. */
  reached: Record<string, { sent: number; taken: number }>
  slowestMs: number
  /** Resident memory of web at the beginning and after each thousand, in bytes. */
  memory: number[]
  /** At most 50, each with the request that brought it about. */
  problems: string[]
  /** Answers that took longer than 5 s: a busy machine may be why, so they are listed separately. */
  slow: string[]
}

const giveUpMs = 30_000
const listed = 50
const slowMs = 5_000

/** Sends requests that are made of the lab's own description of its API, and judges every answer. Rejects if the lab is not there. */
export async function fuzzApi(url: string, options: FuzzOptions): Promise<FuzzReport> {
  const { requests, seed, concurrency = 8 } = options
  const read = async (path: string): Promise<unknown> => (await fetch(url + path)).json()
  const operations = operationsOf(await read('/api/openapi.json'))
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const report: FuzzReport = { sent: 0, statuses: {}, reached: {}, slowestMs: 0, memory: [], problems: [], slow: [] }
  const chunk = 1_000
  try {
    report.memory.push(await memoryOf(url))
    for (let done = 0; done < requests; done += chunk) {
      const numRuns = Math.min(chunk, requests - done)
      const known = await knownValues(read)
      const arbitrary = fc.oneof(...operations.map((operation) => requestsTo(operation, known)))
      const queue = fc.sample(arbitrary, { numRuns, seed: seed + done })
      const work = async (): Promise<void> => {
        for (let next = queue.pop(); next; next = queue.pop()) await sendOne(url, agent, next, report)
      }
      await Promise.all(Array.from({ length: concurrency }, work))
      report.memory.push(await memoryOf(url))
      options.onProgress?.(report.sent, report)
    }
  } finally {
    agent.destroy()
  }
  return report
}

async function sendOne(url: string, agent: Agent, asked: FuzzRequest, report: FuzzReport): Promise<void> {
  const answer = await send(url, agent, asked).catch((error: unknown) => String(error))
  const own = report.reached[asked.operation] ?? { sent: 0, taken: 0 }
  report.reached[asked.operation] = own
  report.sent += 1
  own.sent += 1
  if (typeof answer !== 'string') {
    report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1
    report.slowestMs = Math.max(report.slowestMs, answer.ms)
    if (answer.status < 400) own.taken += 1
  }
  const body = asked.body === undefined ? '' : ` ${asked.body.toString('utf8').slice(0, 600)}`
  const described = `${asked.method} ${asked.target.slice(0, 300)}${body}`
  if (typeof answer !== 'string' && answer.ms > slowMs && report.slow.length < listed)
    report.slow.push(`${described}: ${answer.status} after ${Math.round(answer.ms)} ms`)
  const wrong = typeof answer === 'string' ? answer : wrongWith(answer)
  if (wrong !== undefined && report.problems.length < listed) report.problems.push(`${described}: ${wrong}`)
}

function send(url: string, agent: Agent, { method, target, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const startedAt = performance.now()
  const { hostname, port } = new URL(url)
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path: target, headers: { ...headers, ...length }, agent, timeout: giveUpMs },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
            ms: performance.now() - startedAt,
          }),
        )
      },
    )
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${giveUpMs} ms`)))
    sent.on('error', reject)
    sent.end(body)
  })
}

async function memoryOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1] ?? Number.NaN)
}
