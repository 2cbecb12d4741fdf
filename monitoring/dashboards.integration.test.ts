import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { neededPrometheus, providePrometheus } from '../scripts/provision-prometheus.mjs'
import { type Lab, startLab } from '../test/lab.ts'
import { until } from '../test/until.ts'
import { readDashboards, withVariables } from './fixtures/dashboards.ts'
import { type RunningPrometheus, runPrometheus } from './fixtures/run-prometheus.ts'

const programs = providePrometheus()
const consumer = 'consumer-email'
/** A type whose mails can be refused: its recipient is any text. */
const type = 'monitor_probe'

/** Every query of the dashboards and every expression of the rules, against a real Prometheus that scraped a running lab. */
describe.skipIf(!programs)(
  programs ? 'monitoring of a running lab' : `monitoring of a running lab ${neededPrometheus}`,
  () => {
    let lab: Lab
    let prometheus: RunningPrometheus
    let publishing: NodeJS.Timeout | undefined

    async function post(path: string, body: unknown, method = 'POST'): Promise<unknown> {
      const response = await fetch(`${lab.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const answer: unknown = await response.json()
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
      return answer
    }

    beforeAll(async () => {
      lab = await startLab({ FAULTLINE_LAB: join(process.cwd(), 'monitoring', 'fixtures', 'lab-with-flow.yaml') })
      prometheus = await runPrometheus(programs?.prometheus ?? '', lab.url, join(lab.dataDir, 'prometheus'))
      const schema = { type: 'object', properties: { email: { type: 'string' } }, required: ['email'] }
      await post('/api/event-types', {
        name: type,
        schema,
        example: { email: 'mira@example.com' },
        consumers: [consumer],
      })
      const retryPolicy = { maximumAttempts: 2, initialIntervalMs: 100, maximumIntervalMs: 100 }
      await post(`/api/subscriptions/${consumer}`, { retryPolicy }, 'PUT')
      // A steady flow, one in four of which fails twice and is then a dead letter: rates and quantiles want what comes now.
      await post('/api/faults', {
        ...{ type: 'handler.error', target: { service: consumer }, percent: 25 },
        params: { errorType: 'Unreachable', stage: 'before' },
      })
      publishing = setInterval(() => {
        void post('/event', { type, data: { email: 'mira@example.com' } }).catch(() => undefined)
        void post('/event', { type: 'user_signup', data: { email: 'mira@example.com' } }).catch(() => undefined)
      }, 250)
      await until(
        'a dead letter',
        async () => (await prometheus.query('faultline_dead_letters_total')).length > 0,
        120_000,
      )
    }, 300_000)

    afterAll(async () => {
      clearInterval(publishing)
      await prometheus?.stop()
      await lab?.stop()
    }, 60_000)

    /** Whether there is data: at least one sample, and a number. */
    const hasData = async (expr: string): Promise<boolean> =>
      (await prometheus.query(expr)).some(({ value }) => !Number.isNaN(value))

    async function mustHaveData(what: string, exprs: Iterable<string>): Promise<void> {
      for (const expr of exprs) await until(`${what}: data for ${expr}`, () => hasData(expr), 30_000)
    }

    it('Prometheus scrapes web and every sidecar', async () => {
      const targets = await until('four targets that are up', async () => {
        const all = await prometheus.targets()
        return all.length === 4 && all.every(({ health }) => health === 'up') && all
      })
      expect(targets.map(({ instance }) => instance).sort()).toEqual(
        ['consumer-db', 'consumer-email', 'producer', new URL(lab.url).host].sort(),
      )
    })

    it('every page passes promtool check metrics', async () => {
      const sidecars = (await (await fetch(`${lab.url}/metrics/targets`)).json()) as { targets: string[] }[]
      const pages = [lab.url, ...sidecars.flatMap(({ targets }) => targets).map((address) => `http://${address}`)]
      expect(pages).toHaveLength(4)
      for (const page of pages) {
        const input = await (await fetch(`${page}/metrics`)).text()
        const { status, stdout, stderr } = spawnSync(programs?.promtool ?? '', ['check', 'metrics'], {
          input,
          encoding: 'utf8',
        })
        expect(stdout + stderr, page).toBe('')
        expect(status, page).toBe(0)
      }
    })

    it('the group variable of the dashboard lists the consumers', async () => {
      const definitions = readDashboards().flatMap(({ dashboard }) =>
        dashboard.templating.list.flatMap(({ type: kind, definition = '' }) => (kind === 'query' ? [definition] : [])),
      )
      expect(definitions).toHaveLength(1)
      const [, selector = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definitions[0] ?? '') ?? []
      expect(await prometheus.labelValues(label, selector)).toEqual(['consumer-db', 'consumer-email'])
    })

    it('every query of every dashboard gets data', async () => {
      const variables = { group: consumer, __rate_interval: '30s' }
      for (const { file, dashboard } of readDashboards()) {
        for (const { title, targets } of dashboard.panels) {
          await mustHaveData(
            `${file}, ${title}`,
            targets.map(({ expr }) => withVariables(expr, variables)),
          )
        }
      }
    }, 240_000)

    it('every rule reads data: recorded series are there, and alerts compare with what is there', async () => {
      const text = (name: string): string => readFileSync(`monitoring/rules/${name}.rules.yml`, 'utf8')
      const recorded = [...text('recording').matchAll(/record: (\S+)/g)].map((match) => match[1] ?? '')
      const compared = [...text('alerts').matchAll(/expr: (.+) (?:>|==) [\d.]+$/gm)].map((match) => match[1] ?? '')
      expect(recorded.length).toBeGreaterThan(8)
      expect(compared.length).toBe([...text('alerts').matchAll(/alert:/g)].length)
      await mustHaveData('recording rules', recorded)
      await mustHaveData('alert rules', compared)
    }, 120_000)

    it('dead letters that grow raise their alert', async () => {
      const firing = 'ALERTS{alertname="FaultlineDeadLettersGrow",alertstate="firing"}'
      const [alert] = await until('the alert', async () => {
        const alerts = await prometheus.query(firing)
        return alerts.length > 0 && alerts
      })
      expect(alert?.labels).toMatchObject({ messaging_consumer_group_name: consumer, severity: 'warning' })
    })

    it('sidecars count what web counts', async () => {
      clearInterval(publishing)
      await until('equal counts of dead letters', async () => {
        const [sidecars] = await prometheus.query(
          `sum(faultline_dead_letters_total{messaging_consumer_group_name="${consumer}"})`,
        )
        const [ledger] = await prometheus.query(`sum(faultline_ledger_obligations{state="dead_lettered"})`)
        const [broker] = await prometheus.query(`sum(faultline_queue_messages{state="dead_lettered"})`)
        return (
          sidecars !== undefined &&
          sidecars.value > 0 &&
          sidecars.value === ledger?.value &&
          ledger.value === broker?.value
        )
      })
      await until('as many sent as the ledger knows', async () => {
        const [sent] = await prometheus.query('sum(messaging_client_sent_messages_total)')
        const [attempted] = await prometheus.query('sum(faultline_ledger_publishes{state="attempted"})')
        return sent !== undefined && sent.value > 0 && sent.value === attempted?.value
      })
    }, 150_000)

    it('a sidecar answers its metrics while web is away', async () => {
      const [sidecar] = (await (await fetch(`${lab.url}/metrics/targets`)).json()) as { targets: string[] }[]
      const run = JSON.parse(readFileSync(join(lab.dataDir, 'run.json'), 'utf8')) as {
        children: Record<string, { pid: number }>
      }
      process.kill(run.children.web?.pid ?? 0, 'SIGSTOP')
      try {
        const page = await (await fetch(`http://${sidecar?.targets[0]}/metrics`)).text()
        expect(page).toContain('faultline_worker_up{')
      } finally {
        process.kill(run.children.web?.pid ?? 0, 'SIGCONT')
      }
    })
  },
)
