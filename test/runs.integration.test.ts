import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Run, run } from '#contracts/api/run.ts'
import { subscription } from '#contracts/brokers/retry-policy.ts'
import { type Fault, fault } from '#contracts/faults/fault.ts'
import { childPid } from './child-pids.ts'
import { faultline, runFolders, sharedFolder } from './faultline-command.ts'
import { isAlive } from './is-alive.ts'
import { type Lab, startLab } from './lab.ts'
import { readJson, sendJson } from './lab-client.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

/** It lasts until it is stopped, with a fault, a policy and a number of replicas to take back. */
const endless = `apiVersion: faultline/v1
kind: Scenario
metadata: { name: endless }
retryPolicy: { maximumAttempts: 3 }
phases: [{ name: p, duration: 1h, arrivalRate: 20, type: user_signup }]
faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p, params: { latency: 10ms } }]
steps: [{ id: more, phase: p, replicas: { consumer-email: 2 } }]
`
/** Its fault lasts until all of its victims have failed: they are 13 of 40 under this seed. */
const small = `apiVersion: faultline/v1
kind: Scenario
metadata: { name: small }
seed: 5
steadyState: [{ metric: service.replicas_up, op: ">=", value: 1, within: 60s }]
phases:
  - { name: armed, duration: 1s }
  - { name: p, duration: 2s, until: observed, timeout: 60s, arrivalRate: 20, type: user_signup }
  - { name: drain, until: drained, timeout: 60s }
faults: [{ id: errors, type: handler.error, target: { service: consumer-db }, phase: armed, through: p, percent: 30% }]
invariants: [at-least-once, "single-effect:consumer-db"]
assertions:
  - { id: all-failed, at: once, phase: p, metric: consumer.retrying, group: consumer-db, op: ">=", value: 13 }
  - { id: all, metric: consumer.delivered, op: "==", value: 40 }
`

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(async () => {
  await lab?.stop()
})

const get = <Schema extends z.ZodType>(path: string, schema: Schema) => readJson(`${lab.url}${path}`, schema)
const post = async (path: string, body: unknown): Promise<Run> => {
  const answer = await sendJson(`${lab.url}${path}`, body)
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
  return run.parse(await answer.json())
}
const runNow = (id: string): Promise<Run> => get(`/api/scenarios/runs/${id}`, run)
const inState = (id: string, state: Run['state']): Promise<Run> =>
  until(
    `${state} of ${id}`,
    async () => {
      const now = await runNow(id)
      return now.state === state ? now : undefined
    },
    120_000,
  )

/** What a run changes, and has to take back. */
async function changeable() {
  const { items: subscriptions } = await get('/api/subscriptions', z.object({ items: z.array(subscription) }))
  const { items: services } = await get(
    '/api/services',
    z.object({ items: z.array(z.object({ name: z.string(), wanted: z.int() })) }),
  )
  return { subscriptions, services }
}
const standing = async (): Promise<Fault[]> =>
  (await get('/api/faults', z.object({ items: z.array(fault) }))).items.filter(
    ({ state }) => state !== 'healed' && state !== 'failed',
  )
const underWay = (id: string): Promise<unknown> =>
  until('the fault and the step', async () => {
    const { faults, steps } = await runNow(id)
    return faults[0]?.observedAt !== undefined && steps.length === 1
  })

const runItems = async () =>
  (await get('/api/scenarios/runs', z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) })))
    .items
const runningId = (): Promise<string> =>
  until('the run', async () => (await runItems()).find(({ state }) => state === 'running')?.id, 120_000)
const scenarioFile = async (content: string): Promise<string> => {
  const file = join(await temporaryFolder('scenario'), 'scenario.yaml')
  await writeFile(file, content)
  return file
}

describe('runs of scenarios in a real lab', () => {
  test('a run passes, and one with the same seed has the same messages and the same victims', async () => {
    const runs: Run[] = []
    const journals: string[] = []
    for (const turn of [1, 2]) {
      const { id } = await post('/api/scenarios/runs', { scenario: small })
      const ended = await inState(id, 'ended')
      expect([turn, ended.verdict, ended.reasons]).toEqual([turn, 'pass', []])
      runs.push(ended)
      journals.push(await (await fetch(`${lab.url}/api/scenarios/runs/${id}/journal`)).text())
    }
    expect(runs[1]?.eventsDigest).toBe(runs[0]?.eventsDigest)
    expect(await victimsOf(runs[1])).toEqual(await victimsOf(runs[0]))
    expect((await victimsOf(runs[0])).length).toBeGreaterThan(3)
    const journal = join(await temporaryFolder('journal'), 'run.jsonl')
    await writeFile(journal, journals[0] ?? '')
    const report = faultline(['report', journal, '--json'])
    expect(await report.code).toBe(0)
    expect(run.parse(JSON.parse(await report.output))).toEqual(runs[0])
  }, 300_000)

  test('a run that web is killed in is inconclusive, and everything is taken back when web is back', async () => {
    const before = await changeable()
    const { id } = await post('/api/scenarios/runs', { scenario: endless })
    await underWay(id)
    expect(await changeable()).not.toEqual(before)
    process.kill(await childPid(lab.dataDir, 'web'), 'SIGKILL')
    const ended = await until(
      'the end of the run',
      async () => {
        const now = await runNow(id)
        return now.endedAt === undefined ? undefined : now
      },
      120_000,
    )
    expect(ended.verdict).toBe('inconclusive')
    expect(ended.reasons[0]).toBe('the control plane ended during the run; its faults were healed when it came back')
    expect(await standing()).toEqual([])
    expect(await changeable()).toEqual(before)
  }, 300_000)

  test('a run that a sidecar is killed in is inconclusive for that reason', async () => {
    const { id } = await post('/api/scenarios/runs', { scenario: small })
    await until('the first phase', async () => (await runNow(id)).phases[0]?.beganAt !== undefined)
    process.kill(await childPid(lab.dataDir, 'consumer-email'), 'SIGKILL')
    const ended = await inState(id, 'ended')
    expect(ended.verdict).toBe('inconclusive')
    expect(ended.reasons.join('\n')).toContain('the sidecar of consumer-email was killed during the run')
    expect(await standing()).toEqual([])
  }, 300_000)

  test('the run of a command that is killed is stopped by the lab, says so, and everything is taken back', async () => {
    const before = await changeable()
    const command = faultline(['run', await scenarioFile(endless), '--url', lab.url])
    const id = await runningId()
    await underWay(id)
    command.child.kill('SIGKILL')
    await command.code
    // Not by its id: who asks for it keeps it going.
    await until(
      'the end of the run',
      async () => (await runItems()).find((run) => run.id === id)?.state === 'ended',
      180_000,
    )
    const ended = await runNow(id)
    expect(ended.verdict).toBe('inconclusive')
    expect(ended.reasons).toEqual(['nobody had asked for the run for 30s: who began it is gone'])
    expect(await standing()).toEqual([])
    expect(await changeable()).toEqual(before)
  }, 300_000)

  test('Ctrl-C at the command stops the run, takes everything back and is exit code 130', async () => {
    const before = await changeable()
    const command = faultline(['run', await scenarioFile(endless), '--url', lab.url])
    const id = await runningId()
    await underWay(id)
    command.child.kill('SIGINT')
    expect(await command.code).toBe(130)
    expect(await runNow(id)).toMatchObject({
      state: 'ended',
      verdict: 'inconclusive',
      reasons: ['the run was stopped'],
    })
    expect(await standing()).toEqual([])
    expect(await changeable()).toEqual(before)
  }, 300_000)

  test('without a lab the command starts one, and nothing of it is left', async () => {
    const TMPDIR = await sharedFolder()
    const file = await scenarioFile(small)
    const command = faultline(['run', file, '--junit', `${file}.xml`], { TMPDIR })
    const code = await command.code
    // What it printed comes first: if it does not pass, that says why.
    expect(await command.output).toContain('pass after')
    expect(code).toBe(0)
    expect(await readFile(`${file}.xml`, 'utf8')).toContain('<testsuite name="small" tests="5" failures="0" errors="0"')
    expect(runFolders(TMPDIR)).toEqual([])
  }, 300_000)

  test('a lab that was started for a command ends when that is killed, and nothing of it is left', async () => {
    const TMPDIR = await sharedFolder()
    const command = faultline(['run', await scenarioFile(endless)], { TMPDIR })
    const folder = await until('its data folder', async () => runFolders(TMPDIR)[0])
    const supervisor = await until(
      'its run',
      async () => {
        const data = join(TMPDIR, folder)
        const isUnderWay = existsSync(join(data, 'state', 'run-under-way.json'))
        return (
          isUnderWay && z.object({ pid: z.int() }).parse(JSON.parse(await readFile(join(data, 'lock'), 'utf8'))).pid
        )
      },
      240_000,
    )
    command.child.kill('SIGKILL')
    await command.code
    await until('the end of the lab', async () => !isAlive(supervisor) && runFolders(TMPDIR).length === 0, 120_000)
  }, 400_000)
})

/** Numbers in their run of the messages that a handler failed on. */
async function victimsOf(of: Run | undefined): Promise<string[]> {
  const mark = of?.id.slice(-8) ?? ''
  const { items } = await get(
    '/api/messages?group=consumer-db&limit=500',
    z.object({
      items: z.array(z.object({ id: z.string(), groups: z.array(z.object({ group: z.string(), attempts: z.int() })) })),
    }),
  )
  const tried = items.filter(({ groups }) =>
    groups.some(({ group, attempts }) => group === 'consumer-db' && attempts > 1),
  )
  const headers = await Promise.all(
    tried.map(
      async ({ id }) =>
        (await get(`/api/messages/${encodeURIComponent(id)}`, z.object({ headers: z.record(z.string(), z.string()) })))
          .headers,
    ),
  )
  return headers
    .flatMap(({ traceparent = '' }) => (traceparent.slice(11, 19) === mark ? [traceparent.slice(19, 35)] : []))
    .sort()
}
