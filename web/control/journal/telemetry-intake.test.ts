import { cpSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { TelemetryFrame } from '#contracts/agent-protocol.ts'
import type { TelemetryRecord } from '#contracts/telemetry.ts'
import { Ledger } from '../ledger/ledger.ts'
import { Metrics } from '../metrics/metrics.ts'
import { createApplyContext } from '../traces/create-apply-context.ts'
import { hopOf } from '../traces/journey-record.ts'
import { wholeLife } from '../traces/telemetry-life.fixture.ts'
import { TraceStore } from '../traces/trace-store.ts'
import { Journal } from './journal.ts'
import { NaiveLedger } from './naive-ledger.fixture.ts'
import { OwedGroups } from './owed-groups.ts'
import { TelemetryIntake } from './telemetry-intake.ts'

const groups = ['consumer-email', 'consumer-db']
const groupsOf = (type: string): string[] => (type === 'order_placed' ? groups : ['consumer-email'])
const directories: string[] = []
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true })
})

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-intake-'))
  directories.push(directory)
  return directory
}

/** The folder as a kill would leave it: whatever the process at work does to its own afterwards is not in this one. */
async function leftByKill(directory: string): Promise<string> {
  const left = await temporary()
  cpSync(directory, left, { recursive: true, filter: (path) => !path.endsWith('.new') })
  return left
}

async function openIntake(directory: string, { segment = 4_000, kept = 5 } = {}) {
  const journal = new Journal(directory, segment)
  const ledger = new Ledger()
  const traces = new TraceStore(journal, kept)
  const owed = new OwedGroups()
  const metrics = new Metrics({
    groups: ledger.groups,
    elsewhere: () => new Map(),
    oldestOpenAt: () => undefined,
    effectOf: () => 'database',
    now: () => 1_000,
  })
  const context = createApplyContext({
    ledger,
    traces,
    flow: metrics.flow,
    owedGroups: (type) => owed.groupsOf(type),
  })
  const intake = new TelemetryIntake({
    directory,
    journal,
    context,
    flow: metrics.flow,
    other: { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} },
    owed,
    groupsOf,
    log: pino({ level: 'silent' }),
  })
  await intake.open()
  return { intake, ledger, traces, metrics, journal }
}

const frameOf = (incarnation: string, seq: number, records: TelemetryRecord[]): TelemetryFrame => ({
  source: incarnation,
  incarnation,
  seq,
  body: new TextEncoder().encode(JSON.stringify(records)),
})

/** What counts and totals must be equal to after any restart. */
const figuresOf = ({ ledger, metrics }: Awaited<ReturnType<typeof openIntake>>) => ({
  publishes: [...ledger.publishes.entries()].sort(),
  groups: [...ledger.groups.entries()].sort(),
  totals: [...metrics.flow.byId]
    .map(([id, { flow }]) => [id, flow.total])
    .filter(([, total]) => total !== 0)
    .sort(),
})

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      count: fc.integer({ min: 1, max: 4 }),
      a: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      pick: fc.nat(),
      state: fc.constantFrom('acked' as const, 'acked' as const, 'failed' as const, 'indeterminate' as const),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      pick: fc.nat(),
      group: fc.constantFrom(...groups),
      outcome: fc.constantFrom(
        'ok' as const,
        'ok' as const,
        'retry' as const,
        'dead' as const,
        'crash' as const,
        'interrupted' as const,
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resend' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('epoch' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), clean: fc.boolean() }) },
)

describe('telemetry intake', () => {
  it('agrees with a model that keeps every message, through duplicates, reordering, kills and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 150 }), async (steps) => {
        let directory = await temporary()
        let system = await openIntake(directory)
        const model = new NaiveLedger(groupsOf)
        const sent: TelemetryFrame[] = []
        const seqs = new Map<string, number>()
        const push = (incarnation: string, records: TelemetryRecord[]): void => {
          const seq = (seqs.get(incarnation) ?? 0) + 1
          seqs.set(incarnation, seq)
          const frame = frameOf(incarnation, seq, records)
          sent.push(frame)
          system.intake.takeFrames([frame])
          for (const record of records) model.apply(record)
        }
        let epoch = 1
        let last = 0
        let at = 1_000_000
        const runs = new Map<string, number>()
        for (const [index, action] of steps.entries()) {
          at += 10
          const publish = { producer: 'producer-1', epoch, topic: 'orders' }
          if (action.do === 'publish') {
            const messages = Array.from({ length: action.count }, (_, n) => ({
              seq: last + n + 1,
              type: action.a ? 'order_placed' : 'payment_failed',
              version: 1,
              traceparent: '',
              time: new Date(at).toISOString(),
              body: `{"n":${index}}`,
            }))
            last += action.count
            push(`producer-${epoch}`, [{ kind: 'publish.attempted', at, ...publish, messages }])
          } else if (action.do === 'settle' && last > 0) {
            const seq = (action.pick % last) + 1
            push(`producer-${epoch}`, [
              { kind: 'publish.settled', at, ...publish, outcomes: [{ seq, state: action.state }] },
            ])
          } else if (action.do === 'deliver') {
            // Up to two messages ahead of what the producer's sidecar has told of.
            const id = `producer-1:${epoch}:orders:${(action.pick % (last + 2)) + 1}`
            const { group } = action
            const receiveCount = (runs.get(id + group) ?? 0) + 1
            runs.set(id + group, receiveCount)
            const who = { group, instance: `${group}-1` }
            const run = { id, attempt: receiveCount, receiveCount }
            push(group, [{ kind: 'delivery.started', at, ...who, deliveries: [{ ...run, receivedAt: at }] }])
            if (action.outcome === 'crash') continue
            const outcome = action.outcome === 'ok' || action.outcome === 'interrupted' ? action.outcome : 'error'
            const next =
              action.outcome === 'retry'
                ? { next: { state: 'retrying' as const, dueAt: at + 5 } }
                : action.outcome === 'dead'
                  ? { next: { state: 'dead_lettered' as const, reason: 'max_attempts' as const } }
                  : {}
            push(group, [
              {
                kind: 'delivery.ended',
                at: at + 2,
                ...who,
                deliveries: [{ ...run, startedAt: at, endedAt: at + 2, outcome, ...next }],
              },
            ])
            const settlement =
              action.outcome === 'ok' ? 'acked' : action.outcome === 'dead' ? 'dead_lettered' : 'released'
            push(group, [{ kind: 'delivery.settled', at: at + 3, ...who, settlement, ids: [id] }])
          } else if (action.do === 'resend' && sent.length > 0) {
            const frame = sent[action.pick % sent.length]
            if (frame) system.intake.takeFrames([frame])
          } else if (action.do === 'epoch' && last > 0) {
            epoch += 1
            last = 0
            model.epoch('producer-1', epoch)
            system.intake.epochGranted('producer-1', epoch, at)
          } else if (action.do === 'restart') {
            const before = figuresOf(system)
            if (action.clean) await system.intake.close()
            else directory = await leftByKill(directory)
            system = await openIntake(directory)
            expect(figuresOf(system)).toEqual(before)
          }
          expect(
            Object.fromEntries([...system.ledger.publishes.entries()].map(([, type, counts]) => [type, { ...counts }])),
          ).toEqual(model.publishes())
          expect(
            Object.fromEntries([...system.ledger.groups.entries()].map(([, group, counts]) => [group, { ...counts }])),
          ).toEqual(model.groups())
          for (const message of model.unsettled()) {
            const found = system.ledger.find(message.id)
            const journey = found && system.traces.get(found.lane, found.seq)
            expect(journey?.publish, message.id).toBe(message.publish)
            for (const [group, state] of message.states) expect(hopOfState(journey, group)).toBe(state)
          }
        }
        expect(system.traces.settledCount).toBeLessThanOrEqual(5)
        await system.intake.close()
      }),
      { numRuns: 40 },
    )
  })

  it('keeps memory and disk flat by dropping settled journeys, their chunks of bits and their segments', async () => {
    const directory = await temporary()
    const system = await openIntake(directory, { segment: 100_000, kept: 1_000 })
    for (let from = 1; from <= 20_000; from += 100) {
      const records = wholeLife(from, 100, groups, 1_000_000 + from)
      system.intake.takeFrames([frameOf('all', (from + 99) / 100, records)])
    }
    await system.intake.close()
    expect(system.traces.slots.size).toBe(1_000)
    expect([...system.ledger.lanes()].map(({ chunks }) => chunks.size)).toEqual([1])
    expect((await readdir(directory)).filter((name) => name.endsWith('.log')).length).toBeLessThan(25)
    expect(system.ledger.groups.at('order_placed', 'consumer-db')).toMatchObject({ owed: 20_000, delivered: 20_000 })
  })

  it('keeps the last settled journeys through a kill', async () => {
    const directory = await temporary()
    const before = await openIntake(directory, { segment: 30_000, kept: 50 })
    for (let index = 0; index < 20; index += 1) {
      before.intake.takeFrames([frameOf('all', index + 1, wholeLife(index * 10 + 1, 10, groups, 1_000_000 + index))])
    }
    const after = await openIntake(await leftByKill(directory), { segment: 30_000, kept: 50 })
    const ids = (system: typeof after): string[] => [...system.traces.slots.all()].map(({ id }) => id)
    expect(ids(after)).toEqual(ids(before))
    expect(ids(after)).toHaveLength(50)
  })

  it('counts a gap in the numbers of a process and closes it when the frame comes late', async () => {
    const { intake } = await openIntake(await temporary())
    const frame = (seq: number): TelemetryFrame => frameOf('p', seq, [])
    intake.takeFrames([frame(1), frame(4)])
    expect(intake.dedup.missing).toBe(2)
    expect(intake.takeFrames([frame(2)])).toEqual({ acked: [{ incarnation: 'p', seq: 2 }] })
    expect(intake.dedup.missing).toBe(1)
  })

  it('refuses what is not as agreed, record by record, and goes on', async () => {
    const { intake, ledger } = await openIntake(await temporary())
    const records = [{ kind: 'nonsense' }, ...wholeLife(1, 3, groups, 1_000_000)] as TelemetryRecord[]
    intake.takeFrames([frameOf('p', 1, records), { ...frameOf('p', 2, []), body: new Uint8Array([0xff, 0x00]) }])
    expect(intake.refused).toBe(2)
    expect(ledger.publishes.at('order_placed', 'order_placed').acked).toBe(3)
  })
})

function hopOfState(journey: Parameters<typeof hopOf>[0] | undefined, group: string): string | undefined {
  if (!journey) return undefined
  return hopOf(journey, group)?.state ?? 'waiting'
}
