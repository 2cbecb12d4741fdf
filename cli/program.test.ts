import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { CommanderError } from 'commander'
import { afterAll, expect, test } from 'vitest'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { runOf } from '#contracts/scenario-run/run-of.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { CommandError, type ExitCode, worstOf } from './exit-codes.ts'
import { createProgram } from './program.ts'

const servers: { close(): void }[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

const first: JournalLine = {
  ...{ kind: 'run', t: 0, format: 1, id: 'r-1', name: 'small', seed: 1, broker: 'local', scenario: '' },
  ...{
    startedAt: '2026-01-01T00:00:00.000Z',
    endsBy: '2026-01-01T00:01:00.000Z',
    versions: { faultline: '0.1.0', node: 'v20' },
  },
  plan: {
    phases: [{ name: 'p', durationMs: 1_000, arrivals: 5 }],
    faults: [
      { id: 'crash', type: 'process.kill', target: { service: 'consumer-db' }, phase: 'p', state: 'planned', hits: 0 },
    ],
    checks: [
      { kind: 'end', id: 'none-left', title: 'lag <& 1', condition: { metric: 'consumer.lag', op: '==', value: 0 } },
    ],
  },
}
const linesOf = (lag: number): JournalLine[] => [
  first,
  { kind: 'state', t: 10, state: 'running' },
  { kind: 'fault', t: 500, id: 'crash', faultId: 'f-1', state: 'healed', observedAt: 400, healedAt: 450, hits: 1 },
  { kind: 'check', t: 900, id: 'none-left', values: { 'consumer-db': lag }, last: true },
  { kind: 'end', t: 1_000, at: '2026-01-01T00:00:01.000Z' },
]
const journalOf = (lines: readonly JournalLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** A lab that answers a run as its journal grows, a line each time it is asked. */
async function lab(
  lines: readonly JournalLine[],
  answer?: (request: IncomingMessage, body: string) => [number, unknown] | undefined,
) {
  let known = 1
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const body = await readAll(request)
    asked.push(`${request.method} ${request.url}`)
    const send = (status: number, value: unknown, type = 'application/json'): void => {
      response
        .writeHead(status, { 'content-type': type })
        .end(typeof value === 'string' ? value : JSON.stringify(value))
    }
    const scripted = answer?.(request, body)
    if (scripted) return send(...scripted)
    if (request.url?.endsWith('/journal')) return send(200, journalOf(lines))
    if (request.method === 'POST' && request.url?.endsWith('/stop')) known = lines.length
    else if (request.method === 'GET') known = Math.min(known + 1, lines.length)
    send(request.url === '/api/runs' ? 201 : 200, runOf(lines.slice(0, known), { elapsedMs: 5 }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

async function faultline(args: string[], signal = new AbortController().signal) {
  const [out, complaints]: [string[], string[]] = [[], []]
  let code: ExitCode = 0
  const exitWith = (next: ExitCode): void => {
    code = next
  }
  const output = {
    isTerminal: false,
    width: 80,
    line: (text: string) => void out.push(text),
    draw: () => undefined,
    endDrawing: () => undefined,
  }
  const program = createProgram(
    { output, complain: (line) => void complaints.push(line), env: {}, signal, exitWith },
    '0.0.0',
  )
  for (const command of [program, ...program.commands])
    command.configureOutput({ writeErr: (text) => void complaints.push(text), writeOut: (text) => void out.push(text) })
  try {
    await program.parseAsync(['node', 'faultline', ...args])
  } catch (error) {
    if (error instanceof CommandError) code = error.exitCode
    else if (error instanceof CommanderError) code = error.exitCode === 0 ? 0 : 2
    else throw error
    complaints.push(error.message)
  }
  return { out: out.join('\n'), complaints: complaints.join('\n'), code }
}

async function scenarioFile(
  text = 'apiVersion: faultline/v1\nkind: Scenario\nmetadata: { name: small }\nphases: [{ name: p, duration: 1s }]\n',
) {
  const file = join(await temporaryFolder('cli'), 'small.yaml')
  await writeFile(file, text)
  return file
}

test('a run is shown as it goes on, ends with its verdict, and leaves its journal and a JUnit report', async () => {
  const { url } = await lab(linesOf(0))
  const file = await scenarioFile()
  const [junit, journal] = [`${file}.xml`, `${file}.jsonl`]
  const { out, code } = await faultline(['run', file, '--url', url, '--junit', junit, '--journal', journal])
  expect(code).toBe(0)
  expect(out).toMatch(/small begins as r-1, seed 1, broker local/)
  expect(out).toMatch(/fault crash \(process.kill on consumer-db\): took effect at 0.4s, healed at 0.5s/)
  expect(out).toMatch(/✓ none-left: lag <& 1: consumer-db 0, wanted == 0/)
  expect(out).toMatch(/pass after 1s/)
  const xml = await readFile(junit, 'utf8')
  expect(xml).toContain('<testsuite name="small" tests="1" failures="0" errors="0"')
  expect(xml).toContain(
    '<property name="fault.crash" value="process.kill on consumer-db: took effect at 0.4s, healed at 0.5s"/>',
  )
  expect(xml).toContain('<testcase name="none-left: lag &lt;&amp; 1" classname="small.end" time="0.900"/>')
  expect(await readFile(journal, 'utf8')).toBe(journalOf(linesOf(0)))
})

test('a failed check is exit code 1, and offline the journal says the same', async () => {
  const { url } = await lab(linesOf(3))
  const file = await scenarioFile()
  const ran = await faultline([
    'run',
    file,
    '--url',
    url,
    '--journal',
    `${file}.jsonl`,
    '--junit',
    `${file}.xml`,
    '--json',
  ])
  expect(ran.code).toBe(1)
  const { verdict, reasons } = JSON.parse(ran.out)
  expect({ verdict, reasons }).toEqual({
    verdict: 'fail',
    reasons: ['none-left: lag <& 1: consumer-db 3, wanted == 0'],
  })
  expect(await readFile(`${file}.xml`, 'utf8')).toContain('<failure message="consumer-db 3, wanted == 0"/>')
  const report = await faultline(['report', `${file}.jsonl`, '--json'])
  expect(report.code).toBe(1)
  expect(JSON.parse(report.out)).toEqual(JSON.parse(ran.out))
})

test('a journal that is cut off is inconclusive and says up to where; one that is none is invalid', async () => {
  const file = join(await temporaryFolder('cli'), 'cut.jsonl')
  await writeFile(file, journalOf(linesOf(0)).slice(0, -30))
  const { out, code } = await faultline(['report', file])
  expect(code).toBe(3)
  expect(out).toMatch(/the journal is not whole: line 5 cannot be read/)
  await writeFile(file, 'no journal')
  expect((await faultline(['report', file])).code).toBe(2)
  expect((await faultline(['report', `${file}.none`])).code).toBe(2)
})

test('a file that is not valid is exit code 2 with every problem, and no lab is asked', async () => {
  const { url, asked } = await lab([])
  const file = await scenarioFile(
    'apiVersion: faultline/v1\nkind: Scenario\nmetadata: { name: small }\nphases: [{ name: p, duration: 1 }]\nfalts: []\n',
  )
  for (const command of ['run', 'validate']) {
    const { out, complaints, code } = await faultline([command, file, '--url', url])
    expect(code).toBe(2)
    expect(out + complaints).toContain(`${file}:4:31 /phases/0/duration: is not a duration`)
    expect(out + complaints).toContain(`${file}:5:1 /falts: "falts" is not known here; did you mean faults?`)
  }
  expect(asked).toEqual([])
})

test('what the lab says against a file has its lines, and is exit code 2', async () => {
  const refusal = {
    type: '/problems/invalid_scenario',
    title: 'The scenario is not valid',
    status: 400,
    detail: 'd',
    code: 'invalid_scenario',
  }
  const { url } = await lab([], () => [
    400,
    { ...refusal, errors: [{ path: '/phases/0/type', message: 'no such type', line: 4, column: 9 }] },
  ])
  const file = await scenarioFile()
  const { complaints, code } = await faultline(['run', file, '--url', url])
  expect(code).toBe(2)
  expect(complaints).toBe(`${file}:4:9 /phases/0/type: no such type`)
})

test('a lab that runs another scenario, or does not answer, leaves the run inconclusive', async () => {
  const refusal = {
    type: '/problems/run_running',
    title: 'A scenario is running',
    status: 409,
    detail: 'other (r-2) runs',
    code: 'run_running',
  }
  const { url } = await lab([], () => [409, refusal])
  const file = await scenarioFile()
  const busy = await faultline(['run', file, '--url', url])
  expect([busy.code, busy.complaints]).toEqual([3, 'A scenario is running: other (r-2) runs'])
  const gone = await faultline(['run', file, '--url', 'http://127.0.0.1:1'])
  expect([gone.code, gone.complaints]).toEqual([3, expect.stringContaining('does not answer')])
  const away = await faultline(['ledger', '--url', 'http://127.0.0.1:1'])
  expect(away.code).toBe(1)
  expect(away.complaints).toMatch(/does not answer/)
})

test('an interruption stops the run, waits for its rollback and is exit code 130', async () => {
  const interrupt = new AbortController()
  const lines = [
    ...linesOf(0).slice(0, 2),
    { kind: 'cut', t: 3, why: 'stopped', reason: 'the run was stopped' } as const,
    ...linesOf(0).slice(-1),
  ]
  const { url, asked } = await lab(lines, (request) => {
    if (request.method !== 'GET') return undefined
    interrupt.abort()
    return [200, runOf(lines.slice(0, 2), { elapsedMs: 5 })]
  })
  const { code, out } = await faultline(['run', await scenarioFile(), '--url', url], interrupt.signal)
  expect(code).toBe(130)
  expect(asked).toContain('POST /api/runs/r-1/stop')
  expect(out).toMatch(/the run was stopped/)
})

test('a lab that is away for a moment is asked again', async () => {
  let turn = 0
  const { url } = await lab(linesOf(0), ({ method }) => {
    turn += method === 'GET' ? 1 : 0
    return method === 'GET' && turn < 4 ? [502, 'bad gateway'] : undefined
  })
  expect((await faultline(['run', await scenarioFile(), '--url', url])).code).toBe(0)
})

test('a command that is misspelt or called wrongly is exit code 2 and says what was meant', async () => {
  const unknown = await faultline(['vallidate', 'x'])
  expect(unknown.code).toBe(2)
  expect(unknown.complaints).toMatch(/Did you mean validate\?/)
  expect((await faultline(['run'])).code).toBe(2)
  const missing = await faultline(['validate', 'poison-mesage'])
  expect([missing.code, missing.complaints]).toEqual([2, expect.stringContaining('did you mean poison-message?')])
  expect((await faultline(['inject', 'proces.kill', 'consumer-db'])).complaints).toMatch(/did you mean process.kill\?/)
  expect((await faultline(['inject', 'process.kill', 'consumer-db', '--param', 'restartAfter=x'])).code).toBe(2)
  expect((await faultline(['publish', 'user_signup', '--data', '[1]'])).complaints).toBe(
    '--data: it is not a JSON object',
  )
  expect((await faultline(['ledger', '--url', 'nowhere'])).code).toBe(2)
})

test('every command says how it is used, with an example', async () => {
  const { out } = await faultline(['--help'])
  const names = [...out.matchAll(/^ {2}(\w+) (?:\[|<)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help')
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) expect((await faultline([name, '--help'])).out).toMatch(/Examples?:/)
})

test('two runs are compared, and one that is worse than is tolerated is exit code 1', async () => {
  const folder = await temporaryFolder('cli')
  const sample = (acked: number, p99Ms: number): JournalLine => ({
    ...{ kind: 'sample', t: 950, due: 5, sent: 5, acked, failed: 0, indeterminate: 0, refused: 0 },
    groups: { 'consumer-db': { lag: 0, retrying: 0, delivered: acked, deadLettered: 0, p50Ms: 1, p99Ms } },
  })
  const [a, b] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')]
  await writeFile(a, journalOf([...linesOf(0).slice(0, 4), sample(5, 100), ...linesOf(0).slice(4)]))
  await writeFile(b, journalOf([...linesOf(2).slice(0, 4), sample(5, 150), ...linesOf(2).slice(4)]))
  const { out, code } = await faultline(['compare', a, b])
  expect(code).toBe(0)
  expect(out).toMatch(/delivery.latency.p99 consumer-db +100ms +150ms +\+50% worse/)
  expect(out).toMatch(/none-left: pass, then fail/)
  const figure = 'delivery.latency.p99 consumer-db'
  expect((await faultline(['compare', a, b, '--tolerate', `${figure}=60%`])).code).toBe(0)
  expect((await faultline(['compare', a, b, '--tolerate', `${figure}=20%`])).code).toBe(1)
  expect((await faultline(['compare', b, a, '--tolerate', `${figure}=0%`])).code).toBe(0)
  const unknown = await faultline(['compare', a, b, '--tolerate', 'delivery.latency.p99 consumer-bd=20%'])
  expect([unknown.code, unknown.complaints]).toEqual([2, expect.stringContaining('did you mean')])
})

test('of several runs the worst counts', () => {
  expect(worstOf([0, 3, 1])).toBe(1)
  expect(worstOf([0, 3])).toBe(3)
  expect(worstOf([1, 2])).toBe(2)
  expect(worstOf([2, 130, 1])).toBe(130)
  expect(worstOf([])).toBe(0)
})
