import { describe, expect, it } from 'vitest'
import { createBoundedLabel, otherValue } from './bounded-label.ts'
import { metricDefinitions } from './definitions.ts'
import { createMeters } from './meters.ts'
import type { MetricDefinition } from './metric-definition.ts'

const definitions = Object.entries<MetricDefinition>(metricDefinitions)

describe('metric definitions', () => {
  it('follow the naming rules of Prometheus: base units, counters end with _total, others do not', () => {
    for (const [name, { kind, labels, buckets, help }] of definitions) {
      expect(name).toMatch(/^(messaging|faultline)_[a-z][a-z0-9_]*$/)
      expect(name.endsWith('_total'), name).toBe(kind === 'counter')
      expect(name, name).not.toMatch(/_(ms|milliseconds|kilobytes|percent)(_|$)/)
      if (kind === 'histogram') expect(name).toMatch(/_seconds$/)
      expect(buckets !== undefined, name).toBe(kind === 'histogram')
      expect([...(buckets ?? [])], name).toEqual([...(buckets ?? [])].sort((a, b) => a - b))
      expect(help.length, name).toBeGreaterThan(20)
      for (const label of labels) expect(label, name).toMatch(/^[a-z][a-z0-9_]*$/)
      // Prometheus gives each target these itself.
      expect(labels, name).not.toContain('instance')
      expect(labels, name).not.toContain('job')
    }
  })
})

describe('createMeters', () => {
  it('shows counters, histograms and what collectors read at the moment', async () => {
    const meters = createMeters('web')
    let parts = ['broker', 'database']
    meters.addCollector({
      name: 'test',
      metrics: ['faultline_part_up', 'faultline_telemetry_refused_records_total'],
      collect(set) {
        for (const part of parts) set('faultline_part_up', { part }, 1)
        set('faultline_telemetry_refused_records_total', {}, 7)
      },
    })
    meters.observe('faultline_end_to_end_latency_seconds', { messaging_consumer_group_name: 'consumer-db' }, 0.02)
    const page = await meters.page()
    expect(page).toContain('faultline_part_up{part="database"} 1')
    expect(page).toContain('faultline_telemetry_refused_records_total 7')
    expect(page).toContain(
      'faultline_end_to_end_latency_seconds_bucket{le="0.025",messaging_consumer_group_name="consumer-db"} 1',
    )
    expect(page).toContain('nodejs_eventloop_lag_seconds')
    parts = ['broker']
    const next = await meters.page()
    expect(next).not.toContain('part="database"')
    // A total that is read is not added up scrape by scrape.
    expect(next).toContain('faultline_telemetry_refused_records_total 7')
  })

  it('leaves out a collector that fails, and counts it', async () => {
    const meters = createMeters('web')
    meters.addCollector({
      name: 'broken',
      metrics: ['faultline_viewers'],
      collect() {
        throw new Error('no')
      },
    })
    expect(await meters.page()).toContain('faultline_collector_errors_total{collector="broken"} 1')
  })

  it('refuses a metric of the other kind of process', () => {
    expect(() => createMeters('web').add('faultline_retries_total', {})).toThrow(/no metric of web/)
  })
})

describe('createBoundedLabel', () => {
  it('keeps the first values and calls every further one other', () => {
    const label = createBoundedLabel(2)
    expect(['A', 'B', 'C', 'A'].map(label)).toEqual(['A', 'B', otherValue, 'A'])
  })

  it('takes no text that is not a name, so that no message ends up in a label', () => {
    const label = createBoundedLabel(10)
    expect(['connect ECONNREFUSED 127.0.0.1', '', 'x'.repeat(101), '42'].map(label)).toEqual(Array(4).fill(otherValue))
    expect(label('ECONNREFUSED')).toBe('ECONNREFUSED')
  })
})
