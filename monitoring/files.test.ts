import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readDashboards, withVariables } from './fixtures/dashboards.ts'
import { metricDefinitions } from './metrics/definitions.ts'
import type { MetricDefinition } from './metrics/metric-definition.ts'
import { metricTable } from './metrics/metric-table.ts'

const definitions = new Map(Object.entries<MetricDefinition>(metricDefinitions))
const rules = ['recording', 'alerts']
  .map((name) => readFileSync(`monitoring/rules/${name}.rules.yml`, 'utf8'))
  .join('\n')
const recorded = new Set([...rules.matchAll(/record: (\S+)/g)].map((match) => match[1] ?? ''))

/** Metrics of the lab that a PromQL expression names, without what histograms add to theirs. */
const named = (text: string): string[] =>
  [...text.matchAll(/(?<![\w:.])(?:faultline|messaging)_\w+(?![\w:])/g)].map(([name]) => name)
const isKnown = (name: string): boolean =>
  definitions.has(name) ||
  ['_bucket', '_sum', '_count'].some(
    (end) => name.endsWith(end) && definitions.get(name.slice(0, -end.length))?.kind === 'histogram',
  )
const labels = new Set([...definitions.values()].flatMap((definition) => [...definition.labels]))

describe('dashboards', () => {
  for (const { file, dashboard, text } of readDashboards()) {
    it(`${file}: names only metrics, labels and recorded series that there are`, () => {
      for (const { title, targets } of dashboard.panels) {
        for (const { expr } of targets) {
          for (const name of named(expr)) expect(isKnown(name) || labels.has(name), `${title}: ${name}`).toBe(true)
          for (const [name] of expr.matchAll(/\w+:\w+:\w+/g)) expect(recorded, `${title}: ${name}`).toContain(name)
        }
      }
    })

    it(`${file}: every panel says what it shows, in a unit, from the provisioned data source, and overlaps no other`, () => {
      const taken = new Set<string>()
      expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
      for (const { title, description, datasource, fieldConfig, targets, gridPos } of dashboard.panels) {
        expect(description.length, title).toBeGreaterThan(3)
        expect(fieldConfig.defaults.unit, title).not.toBe('')
        expect([datasource.uid, ...targets.map((target) => target.datasource.uid)], title).toEqual(
          Array(targets.length + 1).fill('prometheus'),
        )
        expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length)
        expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect(taken, title).not.toContain(`${x},${y}`)
            taken.add(`${x},${y}`)
          }
        }
      }
    })

    it(`${file}: its links lead to views of the lab, with parameters that the lab reads`, () => {
      const urls = [...text.matchAll(/"url": "\$\{lab_url\}([^"]*)"/g)].map((match) => match[1] ?? '')
      expect(urls.length).toBeGreaterThan(2)
      for (const url of urls) {
        const query = new URLSearchParams(url.replace(/^\/?\??/, ''))
        for (const name of query.keys()) expect(['node', 'group', 'state', 'type']).toContain(name)
        const node = query.get('node')
        if (node !== null) expect(node).toMatch(/^consumer:\$/)
      }
    })
  }

  it('have variables for what they leave open', () => {
    for (const { file, dashboard } of readDashboards()) {
      const names = new Set(dashboard.templating.list.map(({ name }) => name))
      for (const { targets } of dashboard.panels) {
        for (const { expr } of targets) {
          for (const [, name = ''] of expr.matchAll(/\$\{?(\w+)\}?/g)) {
            if (!name.startsWith('__')) expect(names, `${file}: ${expr}`).toContain(name)
          }
        }
      }
    }
    expect(withVariables('rate(x{a="$group"}[$__rate_interval])', { group: 'g', __rate_interval: '1m' })).toBe(
      'rate(x{a="g"}[1m])',
    )
  })
})

describe('rules', () => {
  it('name only metrics and recorded series that there are', () => {
    const exprs = [...rules.matchAll(/expr: (\|\n(?: {10}.*\n)+|.*)/g)].map((match) => match[1] ?? '')
    expect(exprs.length).toBeGreaterThan(10)
    for (const expr of exprs) {
      for (const name of named(expr)) expect(isKnown(name) || labels.has(name), name).toBe(true)
      for (const [name] of expr.matchAll(/\w+:\w+:\w+/g)) expect(recorded).toContain(name)
    }
  })
})

describe('docs/monitoring.md', () => {
  const text = readFileSync('docs/monitoring.md', 'utf8')

  it('has the table of the definitions', () => {
    const table = /<!-- metrics -->\n([\s\S]*)<!-- end -->/.exec(text)?.[1]
    expect(table).toBe(metricTable())
  })

  it('names every alert', () => {
    const alerts = [...rules.matchAll(/alert: (\S+)/g)].map((match) => match[1] ?? '')
    expect(alerts.length).toBeGreaterThan(4)
    for (const alert of alerts) expect(text).toContain(`| \`${alert}\` |`)
  })
})

describe('provisioning', () => {
  it('gives Grafana the data sources and the folder that the dashboards name', () => {
    const sources = readFileSync('monitoring/grafana/provisioning/datasources/faultline.yml', 'utf8')
    expect(sources).toContain('uid: prometheus')
    expect(sources).toContain('uid: loki')
    expect(readFileSync('monitoring/grafana/provisioning/dashboards/faultline.yml', 'utf8')).toContain(
      'path: /var/lib/grafana/dashboards',
    )
  })
})
