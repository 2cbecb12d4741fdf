import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { runOf } from '#contracts/scenario-run/run-of.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { worstOf } from './exit-codes.ts'
import { faultline, journalOf, lab, linesOf, writeScenario } from './fixtures/scripted-program.ts'

test('a run is shown as it goes on, ends with its verdict, and leaves its journal and a JUnit report', async () => {
  const { url } = await lab(linesOf(0))
  const file = await writeScenario()
  const [junit, journal] = [`${file}.xml`, `${file}.jsonl`]
  const { out, code } = await faultline(['run', file, '--url', url, '--junit', junit, '--journal', journal])
  expect(code).toBe(0)
  expect(out).toMatch(/small begins as r-1, seed 1, broker local/)
  expect(out).toMatch(/fault crash \(process.kill on consumer-db\): took effect at 0.4s, healed at 0.5s/)
  expect(out).toMatch(/✓ none-left: lag <& 1: consumer-db 0, wanted == 0/)
  expect(out).toMatch(/pass after 1s/)
  const sentence = 'At 0.4 s consumer-db was killed (crash), and could start again 50 ms later.'
  expect(out).toMatch(/What happened\n {2}1 {2}0\.4s {2}At 0\.4 s consumer-db was killed/)
  const xml = await readFile(junit, 'utf8')
  expect(xml).toContain('<testsuite name="small" tests="1" failures="0" errors="0"')
  expect(xml).toContain(
    '<property name="fault.crash" value="process.kill on consumer-db: took effect at 0.4s, healed at 0.5s"/>',
  )
  expect(xml).toContain(`<system-out>1  0.4s  ${sentence}\n         [process.kill] [scenario] [process.kill healed]\n`)
  expect(xml).toContain('<testcase name="none-left: lag &lt;&amp; 1" classname="small.end" time="0.900"/>')
  expect(await readFile(journal, 'utf8')).toBe(journalOf(linesOf(0)))
})

test('a failed check is exit code 1, and offline the journal says the same', async () => {
  const { url } = await lab(linesOf(3))
  const file = await writeScenario()
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
  const report = await faultline(['report', `${file}.jsonl`, '--json', '--html', `${file}.html`])
  expect(report.code).toBe(1)
  expect(await readFile(`${file}.html`, 'utf8')).toContain('none-left: lag &lt;&amp; 1: consumer-db 3, wanted == 0')
  expect(JSON.parse(report.out)).toEqual(JSON.parse(ran.out))
})

test('a run that only its audit fails is a failure in the JUnit report, beside a check that was left open', async () => {
  const lines = linesOf(0).flatMap((line): JournalLine[] => {
    if (line.kind === 'check') return []
    return [line.kind === 'audit' ? { ...line, failing: { lost_message: 1 } } : line]
  })
  const { url } = await lab(lines)
  const file = await writeScenario()
  expect((await faultline(['run', file, '--url', url, '--junit', `${file}.xml`])).code).toBe(1)
  const xml = await readFile(`${file}.xml`, 'utf8')
  expect(xml).toContain('<testsuite name="small" tests="2" failures="1" errors="1"')
  expect(xml).toContain('<failure message="the audit found lost_message: 1"/>')
})

test('a journal that is cut off is inconclusive and says up to where; one that is none is invalid', async () => {
  const file = join(await temporaryFolder('cli'), 'cut.jsonl')
  await writeFile(file, journalOf(linesOf(0)).slice(0, -30))
  const { out, code } = await faultline(['report', file])
  expect(code).toBe(3)
  expect(out).toMatch(/the journal is not whole: line 6 cannot be read/)
  await writeFile(file, 'no journal')
  expect((await faultline(['report', file])).code).toBe(2)
  expect((await faultline(['report', `${file}.none`])).code).toBe(2)
})

test('a file that is not valid is exit code 2 with every problem, and no lab is asked', async () => {
  const { url, asked } = await lab([])
  const file = await writeScenario(
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
  const file = await writeScenario()
  const { complaints, code } = await faultline(['run', file, '--url', url])
  expect(code).toBe(2)
  expect(complaints).toBe(`${file}:4:9 /phases/0/type: no such type`)
})

test('a refusal without a place in the file is shown in its own words, and in the report', async () => {
  const detail = 'the lab runs on local, not on kafka'
  const { url } = await lab([], () => [
    400,
    {
      ...{ type: '/problems/invalid_scenario', title: 'The scenario is not valid', status: 400 },
      detail,
      code: 'invalid_scenario',
    },
  ])
  const file = await writeScenario()
  const { complaints, code } = await faultline(['run', file, '--url', url, '--junit', `${file}.xml`])
  expect([code, complaints]).toEqual([2, `${file}: ${detail}`])
  expect(await readFile(`${file}.xml`, 'utf8')).toContain(`>${detail}</error>`)
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
  const file = await writeScenario()
  const busy = await faultline(['run', file, '--url', url])
  expect([busy.code, busy.complaints]).toEqual([3, 'A scenario is running: other (r-2) runs'])
  const gone = await faultline(['run', file, '--url', 'http://127.0.0.1:1'])
  expect([gone.code, gone.complaints]).toEqual([3, expect.stringContaining('does not answer')])
  const away = await faultline(['ledger', '--url', 'http://127.0.0.1:1'])
  expect(away.code).toBe(1)
  expect(away.complaints).toMatch(/does not answer/)
})

test('a report or a journal that cannot be written is refused before anything is run', async () => {
  const { url, asked } = await lab(linesOf(0))
  const file = await writeScenario()
  const out = join(await temporaryFolder('cli'), 'none', 'report')
  for (const option of ['--junit', '--journal']) {
    const { code, complaints } = await faultline(['run', file, '--url', url, option, out])
    expect([code, complaints]).toEqual([1, expect.stringContaining(`${out} cannot be written`)])
  }
  expect(asked).toEqual([])
  const journal = join(await temporaryFolder('cli'), 'run.jsonl')
  await writeFile(journal, journalOf(linesOf(0)))
  for (const option of ['--junit', '--html']) {
    const { code, complaints } = await faultline(['report', journal, option, out])
    expect([code, complaints]).toEqual([1, expect.stringContaining(`${out} cannot be written`)])
  }
})

test('an event that cannot be sent as asked is exit code 2 and a sentence', async () => {
  const { url, asked } = await lab([])
  const none = join(await temporaryFolder('cli'), 'none.json')
  for (const [options, reason] of [
    [['--data', `@${none}`], `--data: ${none} cannot be read`],
    [['--rate', '5'], '--rate is of a burst'],
    [['--count', '5', '--key', 'k'], '--key is of one event'],
  ] as const) {
    const { code, complaints } = await faultline(['publish', 'user_signup', '--url', url, ...options])
    expect([code, complaints]).toEqual([2, expect.stringContaining(reason)])
  }
  expect(asked).toEqual([])
})

test('numbers of an event keep every digit, given or from the example of the type', async () => {
  const bodies: string[] = []
  const types = `{"items": [{
    "name": "paid", "version": 1, "topic": "paid", "builtIn": false, "schema": {},
    "consumers": [], "published": 0, "example": { "id": 820000000000000508 }
  }]}`
  const { url } = await lab([], ({ method, url: path }, body) => {
    if (method === 'GET') return [200, types]
    bodies.push(body)
    if (path === '/api/bursts') return [202, { id: 'burst-1' }]
    return [200, { id: 'p-1:1:paid:1', type: 'paid', topic: 'paid', state: 'acked', ackMs: 1 }]
  })
  const data = '{"id": 820000000000000509, "of": [0.10000000000000000001]}'
  for (const options of [[], ['--data', data], ['--data', data, '--count', '2']])
    expect((await faultline(['publish', 'paid', '--url', url, ...options])).complaints).toBe('')
  const sent = '{"id":820000000000000509,"of":[0.10000000000000000001]}'
  expect(bodies).toEqual([
    '{"type":"paid","data":{"id":820000000000000508}}',
    `{"type":"paid","data":${sent}}`,
    `{"type":"paid","count":2,"ratePerSecond":100,"data":${sent}}`,
  ])
})

test('what was sent with a mistake is exit code 2, and what the lab cannot do now is 1', async () => {
  const fault = (errors?: object[]) => ({
    ...{
      type: '/problems/invalid_fault',
      title: 'The fault is not valid',
      status: 422,
      detail: 'no',
      code: 'invalid_fault',
    },
    ...(errors ? { errors } : {}),
  })
  for (const [answer, wanted] of [
    [fault([{ path: '/target', message: 'there is no service "x"' }]), 2],
    [fault(), 1],
  ] as const) {
    const { url } = await lab([], () => [422, answer])
    expect((await faultline(['inject', 'process.kill', 'x', '--url', url])).code).toBe(wanted)
  }
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
  const { code, out } = await faultline(['run', await writeScenario(), '--url', url], interrupt.signal)
  expect(code).toBe(130)
  expect(asked).toContain('POST /api/scenarios/runs/r-1/stop')
  expect(out).toMatch(/the run was stopped/)
})

test('a lab that is away for a moment is asked again', async () => {
  let turn = 0
  const { url } = await lab(linesOf(0), ({ method }) => {
    turn += method === 'GET' ? 1 : 0
    return method === 'GET' && turn < 4 ? [502, 'bad gateway'] : undefined
  })
  expect((await faultline(['run', await writeScenario(), '--url', url])).code).toBe(0)
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
  const told = async (data: string) => (await faultline(['publish', 'user_signup', '--data', data])).complaints
  expect(await told('{"a":[{"__proto__":1}]}')).toContain('/a/0/__proto__ is a name that would reach the prototype')
  expect(await told(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`)).toContain('is nested deeper than 64 levels')
  expect(await told('\ufeff{}')).toContain('byte order mark')
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

test('of several runs the worst counts', () => {
  expect(worstOf([0, 3, 1])).toBe(1)
  expect(worstOf([0, 3])).toBe(3)
  expect(worstOf([1, 2])).toBe(2)
  expect(worstOf([2, 130, 1])).toBe(130)
  expect(worstOf([])).toBe(0)
})

test('a file that cannot be read keeps no other from being checked', async () => {
  const [good, none] = [await writeScenario(), join(await temporaryFolder('cli'), 'none.yaml')]
  const { out, complaints, code } = await faultline(['validate', none, good])
  expect(code).toBe(2)
  expect(complaints).toMatch(/none\.yaml: there is no such file, and no scenario of this name/)
  expect(out).toContain(`${good}: valid`)
  const { out: json } = await faultline(['validate', none, good, '--json'])
  expect(JSON.parse(json)).toMatchObject([
    { file: none, valid: false, problems: [{ line: 1, path: '' }] },
    { file: good, valid: true, problems: [] },
  ])
})
