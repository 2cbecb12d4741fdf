import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { FlowBook } from '../flows/flow-book.ts'
import type { Checkpoint } from '../journal/checkpoint-state.ts'
import type { DeclaredFlows } from '../journal/declared-flows.ts'
import {
  entryKind,
  epochHead,
  flowsHead,
  frameHead,
  type JournalEntry,
  owedHead,
  sidecarHead,
} from '../journal/entry-format.ts'
import type { TelemetryJournal } from '../journal/journal.ts'
import type { OwedGroups } from '../journal/owed-groups.ts'
import { parseFrame } from '../journal/parse-frame.ts'
import { readResolutions } from '../journal/resolutions.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { endFormerEpochs } from '../journeys/apply/apply-publish.ts'
import type { OtherRecords } from '../journeys/apply/apply-record.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { replaySink } from '../journeys/apply/replay-sink.ts'
import { type FlowTotalsStore, noFlow } from '../journeys/flow-sink.ts'
import { canLoad, loadJourneys } from '../journeys/saved/load-journeys.ts'
import { restoreLedger } from '../ledger/ledger-state.ts'
import { Processes } from '../ledger/processes.ts'
import type { TelemetryHealth } from '../ledger/telemetry-health.ts'
import { afterRestart, suspectAnew } from './after-restart.ts'
import type { FrameApplier } from './frame-applier.ts'
import { dropHalfRead } from './half-read.ts'

export interface ReplayParts {
  journal: TelemetryJournal
  context: ApplyContext
  totals: FlowTotalsStore
  health: TelemetryHealth
  owed: OwedGroups
  flows: FlowBook
  declaredFlows: DeclaredFlows
  frames: FrameApplier
  /** Called again with what the journal holds beside messages: log lines and faults. */
  other: Pick<OtherRecords, 'log' | 'fault'>
  log: Logger
}

/** The journal is read again in slices of this many milliseconds, so that the process answers meanwhile. */
const sliceMs = 10

/**
 * Makes ledger and journeys from what a former process left.
 *
 * A checkpoint with the PAST: figures and journeys are restored, and the segments before it are not read. One without: BEHIND it figures
 * are restored, and the segments before it give journeys only (`replaySink`). SINCE the checkpoint: the ledger takes what is read
 * (`liveSink`). Without a checkpoint all is read as since.
 */
export async function replay(parts: ReplayParts, checkpoint: Checkpoint | undefined): Promise<void> {
  const { journal, context, log } = parts
  const isWhole = checkpoint !== undefined && restore(parts, checkpoint)
  let catchUp = checkpoint && !isWhole ? readBehind(parts) : undefined
  const reachCheckpoint = (): void => {
    catchUp?.()
    catchUp = undefined
  }
  let slice = performance.now()
  const first = checkpoint?.segment ?? 0
  for (const segment of journal.segments()) {
    if (segment >= first) reachCheckpoint()
    else if (isWhole) continue
    const { entries, mend } = await journal.read(segment)
    for (const entry of entries) {
      if (catchUp) applyBehind(parts, entry, segment)
      else applySince(parts, entry, segment)
      context.traces.rest()
      if (performance.now() - slice < sliceMs) continue
      await setImmediate()
      slice = performance.now()
    }
    mend(log)
  }
  reachCheckpoint()
  suspectAnew(context)
}

/** Takes the checkpoint: its figures, and the past if it has one. False if not, so that the segments before it are to be read. */
function restore(parts: ReplayParts, checkpoint: Checkpoint): boolean {
  const { context, totals, health, frames, flows, owed, declaredFlows, other } = parts
  const { past } = checkpoint
  restoreLedger(context.ledger, checkpoint.ledger)
  totals.restore(checkpoint.totals)
  frames.dedup.restore(checkpoint.dedup, checkpoint.missingFrames)
  context.anomalies.restore(checkpoint.anomalies)
  context.processes.restore(checkpoint.processes)
  health.restore(checkpoint)
  const isWhole = past !== undefined && canLoad(past.journeys, context)
  flows.restore(checkpoint.flows, isWhole)
  if (!isWhole) return false
  owed.restore(past.owed)
  if (checkpoint.flows) declaredFlows.wereRead()
  loadJourneys(context, past.journeys)
  for (const line of past.logs) other.log(line)
  flows.restored()
  afterRestart(context)
  return true
}

/** Journeys are made again of what is behind the checkpoint. Answers what ends the reading of that. */
function readBehind({ context, flows }: ReplayParts): () => void {
  const { flow, processes, sink } = context
  // Those of the checkpoint are later than what is read first.
  Object.assign(context, { sink: replaySink(context.ledger), flow: noFlow, processes: new Processes() })
  return () => {
    dropHalfRead(context)
    flows.restored()
    Object.assign(context, { sink, flow, processes })
    afterRestart(context)
  }
}

/** What the checkpoint has of frames and sidecars is not entered a second time. */
function applyBehind(parts: ReplayParts, entry: JournalEntry, segment: number): void {
  if (entry.kind === entryKind.frame) applyFrame(parts, entry, segment)
  else if (entry.kind !== entryKind.sidecar) applyDecision(parts, entry, segment)
}

function applySince(parts: ReplayParts, entry: JournalEntry, segment: number): void {
  if (entry.kind === entryKind.frame) {
    if (parts.frames.admit(frameHead.parse(entry.head))) applyFrame(parts, entry, segment)
  } else if (entry.kind === entryKind.sidecar) parts.health.takeSidecar(sidecarHead.parse(entry.head))
  else applyDecision(parts, entry, segment)
}

function applyFrame({ frames, other }: ReplayParts, entry: JournalEntry, segment: number): void {
  const head = frameHead.parse(entry.head)
  const { records } = parseFrame(entry.body)
  const at = { arrivedAt: head.at ?? records[0]?.at ?? 0, place: { segment, offset: entry.offset } }
  frames.apply(head, records, at, { ...ignoreOthers, log: other.log, fault: other.fault })
}

/** What the control plane itself had found out or decided. */
function applyDecision(
  { context, owed, flows, declaredFlows }: ReplayParts,
  entry: JournalEntry,
  segment: number,
): void {
  if (entry.kind === entryKind.owed) {
    const { type, groups, answers } = owedHead.parse(entry.head)
    owed.set(type, groups, answers === true)
  } else if (entry.kind === entryKind.flows) {
    flows.declare(flowsHead.parse(entry.head).flows)
    declaredFlows.wereRead()
  } else if (entry.kind === entryKind.epoch) {
    const { producer, epoch, at } = epochHead.parse(entry.head)
    endFormerEpochs(context, producer, epoch, at)
  } else if (entry.kind === entryKind.resolved) {
    for (const each of readResolutions(entry.body)) applyResolution(context, each, { segment, offset: entry.offset })
  }
}

const ignore = (): void => undefined
const ignoreOthers: OtherRecords = { log: ignore, gauges: ignore, burst: ignore, fault: ignore, assigned: ignore }
