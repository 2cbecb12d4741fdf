import type { Burst } from '#contracts/api/burst.ts'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { FlowFigures } from '#contracts/api/flow.ts'
import type { Journey, MessageRow } from '#contracts/api/journey.ts'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import type { LedgerSummary } from '#contracts/api/ledger.ts'
import type { ChartPoint, Figures, LabInfo, LiveFrame, ServiceStatus, Snapshot } from '#contracts/api/live.ts'
import { chartPoints, sparkPoints } from '#contracts/api/live.ts'
import type { GroupMember, PartitionFigures } from '#contracts/api/partitions.ts'
import type { RunUnderWay } from '#contracts/api/run.ts'
import type { NodeState, Topology } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import { type JournalLine, journalLine } from '#contracts/scenario-run/journal-line.ts'

/** What the browser keeps of the lab. Every list is bounded; nothing here grows with the number of messages. */
export interface LabState {
  /** Undefined until the first snapshot. */
  lab: LabInfo | undefined
  /** The broker, and a switch of it; undefined until the first snapshot. */
  broker: LabBroker | undefined
  topology: Topology
  states: Record<string, NodeState>
  nodes: Record<string, Figures>
  edges: Record<string, Figures>
  services: ServiceStatus[]
  /** By node id, oldest first, one point a second. */
  sparks: Record<string, number[]>
  charts: ChartPoint[]
  bursts: Burst[]
  /** What became of every message; undefined until the first snapshot. */
  ledger: LedgerSummary | undefined
  /** Of the declared flows; empty if the lab declares none. */
  flows: FlowFigures[]
  /** Those in effect, and those that ended within the time of the charts; newest first. */
  faults: Fault[]
  /** Of the event log, oldest first. */
  events: EventLogEntry[]
  /** Of a broker that has partitions; else empty. */
  partitions: PartitionFigures[]
  members: GroupMember[]
  tail: { rows: MessageRow[]; skipped: number; skippedInAll: number }
  /** The latest of the rows that are watched, by id. */
  rows: Record<string, MessageRow>
  message: Journey | undefined
  logs: { service: string; lines: LogRecord[]; skipped: number } | undefined
  /** The scenario that is run now. */
  underWay: RunUnderWay | null
  /** Lines of the journal that is followed, in order; `from` is the number of the first one. As many as the run has written. */
  run: { id: string; from: number; lines: JournalLine[] } | undefined
  problems: string[]
  /** Epoch milliseconds by the server's clock, and the browser's clock minus the server's. */
  at: number
  clockSkewMs: number
}

export const tailRows = 500
export const shownLogLines = 1_000
export const eventRows = 500

export const emptyLab: LabState = {
  lab: undefined,
  broker: undefined,
  topology: { nodes: [], edges: [] },
  states: {},
  nodes: {},
  edges: {},
  services: [],
  sparks: {},
  charts: [],
  bursts: [],
  ledger: undefined,
  flows: [],
  faults: [],
  events: [],
  partitions: [],
  members: [],
  tail: { rows: [], skipped: 0, skippedInAll: 0 },
  rows: {},
  message: undefined,
  logs: undefined,
  underWay: null,
  run: undefined,
  problems: [],
  at: 0,
  clockSkewMs: 0,
}

/** The state after a snapshot: all of it is replaced but for what the reader has on screen (tail, logs). */
export function takeSnapshot(state: LabState, snapshot: Snapshot, now: number): LabState {
  const taken = takeFrame({ ...state, charts: [], events: [], sparks: snapshot.sparks, at: 0 }, snapshot, now)
  return { ...taken, lab: snapshot.lab, sparks: snapshot.sparks }
}

/** The state after a frame. Parts that did not change keep their identity, so that selectors stay still. */
export function takeFrame(state: LabState, frame: LiveFrame, now: number): LabState {
  const newSecond = Math.floor(frame.at / 1_000) > Math.floor(state.at / 1_000)
  const whole = frame.whole ?? true
  const nodes = merged(state.nodes, frame.nodes, whole)
  return {
    ...state,
    topology: frame.topology ?? state.topology,
    broker: frame.broker ?? state.broker,
    states: merged(state.states, frame.states, whole),
    nodes,
    edges: merged(state.edges, frame.edges, whole),
    services: takeServices(state.services, frame),
    sparks: newSecond && state.at > 0 ? extendSparks(state.sparks, nodes) : state.sparks,
    charts: frame.charts.length === 0 ? state.charts : [...state.charts, ...frame.charts].slice(-chartPoints),
    bursts: frame.bursts.length === 0 && state.bursts.length === 0 ? state.bursts : frame.bursts,
    ledger: takeLedger(state.ledger, frame.ledger, whole),
    flows: keepSame(state.flows, frame.flows),
    faults: keepSame(state.faults, frame.faults),
    partitions: keepSame(state.partitions, frame.partitions),
    members: keepSame(state.members, frame.members),
    events: frame.events.length === 0 ? state.events : [...state.events, ...frame.events].slice(-eventRows),
    tail: takeTail(state.tail, frame),
    rows: takeRows(state.rows, frame.rows),
    message: frame.message ?? state.message,
    logs: takeLogs(state.logs, frame.logs),
    underWay: keepSame(state.underWay, frame.underWay),
    run: takeRun(state.run, frame.run),
    problems: keepSame(state.problems, frame.problems),
    at: frame.at,
    clockSkewMs: now - frame.at,
  }
}

function keepSame<T>(before: T, after: T): T {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after
}

/** What is known, with what changed of it; the same value if nothing did. */
function merged<Value>(
  before: Record<string, Value>,
  after: Record<string, Value>,
  whole: boolean,
): Record<string, Value> {
  if (whole) return keepSame(before, after)
  for (const _ in after) return { ...before, ...after }
  return before
}

function takeServices(before: LabState['services'], { services, whole = true }: LiveFrame): LabState['services'] {
  if (whole) return services
  if (services.length === 0) return before
  const changed = new Map(services.map((service) => [service.name, service]))
  const kept = before.map((service) => changed.get(service.name) ?? service)
  const known = new Set(before.map(({ name }) => name))
  return [...kept, ...services.filter(({ name }) => !known.has(name))]
}

type Group = LedgerSummary['groups'][number]

/** The groups of a ledger with those that changed. */
function takeGroups(before: Group[], after: Group[], whole: boolean): Group[] {
  if (whole) return keepSame(before, after)
  if (after.length === 0) return before
  const keyOf = ({ topic, group }: Group): string => `${topic}\n${group}`
  const changed = new Map(after.map((counts) => [keyOf(counts), counts]))
  const kept = before.map((counts) => {
    const next = changed.get(keyOf(counts))
    changed.delete(keyOf(counts))
    return next ?? counts
  })
  return [...kept, ...changed.values()]
}

function takeLedger(before: LedgerSummary | undefined, after: LedgerSummary, whole: boolean): LedgerSummary {
  if (!before) return after
  // The watermark moves with every frame; what it does not touch stays still.
  return {
    verdict: keepSame(before.verdict, after.verdict),
    publishes: keepSame(before.publishes, after.publishes),
    groups: takeGroups(before.groups, after.groups, whole),
    nextDue: keepSame(before.nextDue, after.nextDue),
    anomalies: keepSame(before.anomalies, after.anomalies),
    invariants: keepSame(before.invariants, after.invariants),
    watermark: after.watermark,
    pending: after.pending,
    toldTwice: keepSame(before.toldTwice, after.toldTwice),
    ...(after.unowedDeadLetters === undefined
      ? {}
      : { unowedDeadLetters: keepSame(before.unowedDeadLetters ?? {}, after.unowedDeadLetters) }),
  }
}

/** Queues are drawn by their backlog, everything else by its rate. */
export const sparkValue = (figures: Figures): number => figures.depth ?? figures.ratePerSecond

function extendSparks(sparks: LabState['sparks'], nodes: LabState['nodes']): LabState['sparks'] {
  const extended: Record<string, number[]> = {}
  for (const [id, figures] of Object.entries(nodes)) {
    const before = sparks[id] ?? []
    const value = sparkValue(figures)
    // Of a thousand nodes most stand still: a line that stays what it is stays the same value.
    const isStill = value === 0 && before.length >= sparkPoints && before.every((point) => point === 0)
    extended[id] = isStill ? before : [...before, value].slice(-sparkPoints)
  }
  return extended
}

function takeTail(tail: LabState['tail'], frame: LiveFrame): LabState['tail'] {
  const changed = new Map((frame.rows ?? []).map((row) => [row.id, row]))
  const arrived = frame.tail?.rows ?? []
  if (changed.size === 0 && frame.tail === undefined) return tail
  const known = new Set(tail.rows.map((row) => row.id))
  for (const row of arrived) if (known.has(row.id)) changed.set(row.id, row)
  const kept = changed.size === 0 ? tail.rows : tail.rows.map((row) => changed.get(row.id) ?? row)
  const skipped = frame.tail?.skipped ?? tail.skipped
  return {
    rows: [...kept, ...arrived.filter((row) => !known.has(row.id))].slice(-tailRows),
    skipped,
    skippedInAll: tail.skippedInAll + (frame.tail?.skipped ?? 0),
  }
}

function takeRows(rows: LabState['rows'], changed: MessageRow[] | undefined): LabState['rows'] {
  if (!changed || changed.length === 0) return rows
  return { ...rows, ...Object.fromEntries(changed.map((row) => [row.id, row])) }
}

function takeLogs(logs: LabState['logs'], arrived: LiveFrame['logs']): LabState['logs'] {
  if (!arrived) return logs
  const before = logs?.service === arrived.service ? logs : undefined
  if (before && arrived.lines.length === 0 && arrived.skipped === 0) return before
  return {
    service: arrived.service,
    lines: [...(before?.lines ?? []), ...arrived.lines].slice(-shownLogLines),
    skipped: (before?.skipped ?? 0) + arrived.skipped,
  }
}

/** What comes again, as after a reconnect, is dropped; after a gap what comes is the new begin, and the journal is to be read. */
function takeRun(run: LabState['run'], arrived: LiveFrame['run']): LabState['run'] {
  if (!arrived) return run
  const { id, from } = arrived
  const next = run?.id === id ? run.from + run.lines.length : undefined
  const follows = next !== undefined && from <= next && run !== undefined && from >= run.from
  const lines: JournalLine[] = []
  for (const text of arrived.lines.slice(follows ? next - from : 0)) {
    const parsed = journalLine.safeParse(parsedJson(text))
    if (!parsed.success) break
    lines.push(parsed.data)
  }
  return follows ? { ...run, lines: [...run.lines, ...lines] } : { id, from, lines }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
