import type { Logger } from 'pino'
import type { FlowDeclaration } from '#contracts/lab-declaration.ts'
import type { TelemetryAck, TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { LogRecord, TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { FlowBook } from '../flows/flow-book.ts'
import { isCheckpointDue, readCheckpoint, writeCheckpoint } from '../journal/checkpoint.ts'
import type { CheckpointPast } from '../journal/checkpoint-state.ts'
import { DeclaredFlows } from '../journal/declared-flows.ts'
import { encodeEntry, entryKind } from '../journal/entry-format.ts'
import type { TelemetryJournal } from '../journal/journal.ts'
import type { OwedGroups } from '../journal/owed-groups.ts'
import { parseFrame } from '../journal/parse-frame.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { endFormerEpochs } from '../journeys/apply/apply-publish.ts'
import type { OtherRecords } from '../journeys/apply/apply-record.ts'
import { applyResolution, type Resolution } from '../journeys/apply/apply-resolution.ts'
import type { FlowTotalsStore } from '../journeys/flow-sink.ts'
import { saveJourneys } from '../journeys/saved/save-journeys.ts'
import { ledgerState } from '../ledger/ledger-state.ts'
import type { SidecarHealth, TelemetryHealth } from '../ledger/telemetry-health.ts'
import { FrameApplier } from './frame-applier.ts'
import type { FrameDedup } from './frame-dedup.ts'
import { owedAt, owedInFrame } from './owed-in-frame.ts'
import { replay } from './replay.ts'

export interface IntakeParts {
  /** Of the journal. */
  directory: string
  journal: TelemetryJournal
  context: ApplyContext
  /** Totals of what flowed, for the checkpoint. */
  totals: FlowTotalsStore
  other: OtherRecords
  /** Called with the records of each new frame after they were applied; not with those that are read again. */
  onTaken?: (records: readonly TelemetryRecord[]) => void
  owed: OwedGroups
  flows: FlowBook
  /** The flows that are declared now. */
  flowsNow: () => readonly FlowDeclaration[]
  health: TelemetryHealth
  /** The newest log lines, which a start is given again. */
  logs: () => LogRecord[]
  /** Groups that took events of a type at a moment. */
  groupsOf(type: string, at: number): readonly string[]
  log: Logger
}

/**
 * The way of telemetry into the control plane: written to the journal, applied, acknowledged.
 * REPLAYING (the journal is read again; nothing may be taken) → OPEN → CLOSED.
 */
export class TelemetryIntake {
  /** Why telemetry could not be stored the last time, for a person. */
  problem: string | undefined
  /** Records that were invalid. */
  refused = 0
  readonly #parts: IntakeParts
  readonly #frames: FrameApplier
  readonly #declaredFlows = new DeclaredFlows()
  #checkpointing: Promise<void> | undefined
  #closing: Promise<void> | undefined
  /** Bytes of the last checkpoint, and of the segments that were closed since. */
  #checkpointBytes = 0
  #grownBytes = 0

  constructor(parts: IntakeParts) {
    this.#parts = parts
    this.#frames = new FrameApplier(parts)
  }

  /** Which frames came, and how many are missing in between. */
  get dedup(): FrameDedup {
    return this.#frames.dedup
  }

  /** Puts frames on disk and applies them. Throws if the disk does not take them: then nothing has changed. */
  takeFrames(frames: readonly TelemetryFrame[]): TelemetryAck {
    const acked = new Map<string, number>()
    for (const frame of frames) {
      this.#take(frame)
      acked.set(frame.incarnation, Math.max(acked.get(frame.incarnation) ?? 0, frame.seq))
    }
    return { acked: [...acked].map(([incarnation, seq]) => ({ incarnation, seq })) }
  }

  /** A producer instance was granted a new epoch: its former process is gone. */
  epochGranted(producer: string, epoch: number, at: number): void {
    const { owed, groupsOf } = this.#parts
    this.#append([...owedAt(at, owed, groupsOf), encodeEntry(entryKind.epoch, { producer, epoch, at })])
    this.#parts.context.ledger.changes.at(at)
    endFormerEpochs(this.#parts.context, producer, epoch, at)
  }

  /**
   * A sidecar came, or has handed over everything. True if one before it had not: a doubt, which outlives this process as telemetry
   * does, also if both ended together.
   */
  sidecar(sidecar: SidecarHealth): boolean {
    const { health, log } = this.#parts
    const known = health.sidecars.get(sidecar.service)
    if (known?.id === sidecar.id && known.handedOver === sidecar.handedOver) return false
    try {
      this.#append([encodeEntry(entryKind.sidecar, sidecar)])
    } catch (error) {
      log.error({ err: error, ...sidecar }, 'which sidecar a service has could not be stored')
    }
    return health.takeSidecar(sidecar)
  }

  /** Enters what the control plane decided of messages. Throws if the disk does not take it: then nothing has changed. */
  resolve(decided: readonly Resolution[]): void {
    if (decided.length === 0) return
    const { journal, context } = this.#parts
    const offset = this.#append([encodeEntry(entryKind.resolved, {}, Buffer.from(JSON.stringify(decided)))])
    const place = { segment: journal.current, offset }
    context.ledger.changes.at(context.now())
    for (const each of decided) applyResolution(context, each, place)
    context.traces.rest()
    if (journal.isFull) this.#rotate()
  }

  /** Reads checkpoint and journal, and begins a segment for what comes. */
  async open(): Promise<void> {
    const { directory, journal, owed, flows, flowsNow } = this.#parts
    const checkpoint = await readCheckpoint(directory)
    await replay({ ...this.#parts, frames: this.#frames, declaredFlows: this.#declaredFlows }, checkpoint)
    journal.begin(checkpoint?.segment)
    owed.forgetWritten()
    this.#declaredFlows.forgetWritten()
    flows.declare(flowsNow())
    await this.#checkpoint()
  }

  /** Writes a last checkpoint; nothing is taken after it. Asked for again it gives the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end(): Promise<void> {
    await this.#checkpointing
    this.#parts.journal.begin()
    await this.#checkpoint()
    await this.#parts.journal.close()
  }

  #take(frame: TelemetryFrame): void {
    const { source, incarnation, seq, body } = frame
    if (!this.dedup.isNew(incarnation, seq)) return
    const { owed, groupsOf, log, journal, context, flows, flowsNow } = this.#parts
    const { records, refused } = parseFrame(body)
    const entries: Buffer[] = []
    const declared = flowsNow()
    const flowEntry = this.#declaredFlows.update(declared)
    if (flowEntry) entries.push(flowEntry)
    entries.push(...owedInFrame(records, owed, groupsOf))
    const before = entries.reduce((bytes, { length }) => bytes + length, 0)
    const at = context.now()
    const agreed = refused.length === 0 ? { agreed: true } : {}
    entries.push(encodeEntry(entryKind.frame, { source, incarnation, seq, at, ...agreed }, body))
    const offset = this.#append(entries) + before
    if (flowEntry) flows.declare(declared)
    this.#frames.admit(frame)
    this.#frames.apply(
      frame,
      records,
      { arrivedAt: at, place: { segment: journal.current, offset } },
      this.#parts.other,
    )
    this.#parts.onTaken?.(records)
    context.traces.rest()
    if (refused.length > 0) {
      this.refused += refused.length
      log.error(
        { source, seq, refused: refused.slice(0, 5) },
        `refused ${refused.length} telemetry records of ${source}`,
      )
    }
    if (journal.isFull) this.#rotate()
  }

  #append(entries: readonly Buffer[]): number {
    try {
      const offset = this.#parts.journal.append(entries)
      this.problem = undefined
      return offset
    } catch (error) {
      this.#parts.owed.forgetWritten()
      this.#declaredFlows.forgetWritten()
      const reason = error instanceof Error ? error.message : String(error)
      this.problem = `telemetry cannot be stored in ${this.#parts.directory} (${reason}); free space there, sidecars keep it meanwhile`
      throw error
    }
  }

  #rotate(): void {
    const { journal, owed } = this.#parts
    this.#declaredFlows.forgetWritten()
    this.#grownBytes += journal.currentBytes
    journal.begin()
    owed.forgetWritten()
    if (!isCheckpointDue(this.#grownBytes, this.#checkpointBytes)) return
    this.#checkpointing ??= this.#checkpoint()
      .catch((error: unknown) => {
        this.#parts.log.error(
          { err: error },
          'the telemetry checkpoint could not be written; the next segment tries again',
        )
      })
      .finally(() => {
        this.#checkpointing = undefined
      })
  }

  /** Everything before the current segment is in it. */
  async #checkpoint(): Promise<void> {
    const { directory, journal, context, totals, health, flows } = this.#parts
    const segment = journal.current
    const grown = this.#grownBytes
    const unused = journal.unused()
    this.#checkpointBytes = await writeCheckpoint(directory, {
      segment,
      ledger: ledgerState(context.ledger),
      totals: totals.totals(),
      dedup: this.dedup.state(),
      missingFrames: this.dedup.missing,
      anomalies: context.anomalies.state(),
      processes: context.processes.state(),
      flows: flows.state(),
      past: this.#past(),
      ...health.state(),
    })
    this.#grownBytes -= grown
    journal.prune(unused)
  }

  #past(): CheckpointPast | undefined {
    const { context, owed, logs } = this.#parts
    const journeys = saveJourneys(context)
    return journeys && { journeys, owed: owed.state(), logs: logs() }
  }
}
