import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { TelemetryAck, TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { ledgerState, restoreLedger } from '../ledger/ledger-state.ts'
import { Processes } from '../ledger/processes.ts'
import type { Sidecar, TelemetryHealth } from '../ledger/telemetry-health.ts'
import type { FlowMeters } from '../metrics/flow-meters.ts'
import { noFlow } from '../metrics/flow-sink.ts'
import { meterTotals, restoreTotals } from '../metrics/meter-totals.ts'
import type { ApplyContext } from '../traces/apply-context.ts'
import { endFormerEpochs } from '../traces/apply-publish.ts'
import { applyRecord, type OtherRecords } from '../traces/apply-record.ts'
import { applyResolution, type Resolution } from '../traces/apply-resolution.ts'
import { interruptRuns } from '../traces/obligations.ts'
import type { Place } from '../traces/place.ts'
import { afterRestart, suspectAnew } from './after-restart.ts'
import { isCheckpointDue, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { type Entry, encodeEntry, entryKind, epochHead, frameHead, owedHead, sidecarHead } from './entry-format.ts'
import { FrameDedup } from './frame-dedup.ts'
import { dropHalfRead } from './half-read.ts'
import type { Journal } from './journal.ts'
import type { OwedGroups } from './owed-groups.ts'
import { parseFrame } from './parse-frame.ts'
import { readResolutions } from './resolutions.ts'

export interface IntakeParts {
  /** Of the journal. */
  directory: string
  journal: Journal
  context: ApplyContext
  flow: FlowMeters
  other: OtherRecords
  /** Told of the records of each new frame after they were applied; not of those that are read again. */
  onTaken?: (records: readonly TelemetryRecord[]) => void
  owed: OwedGroups
  health: TelemetryHealth
  /** Groups that took events of a type at a moment. */
  groupsOf(type: string, at: number): readonly string[]
  log: Logger
}

/** The journal is read again in slices of this many milliseconds, so that the process answers meanwhile. */
const replaySliceMs = 10

/**
 * The way of telemetry into the control plane: written to the journal, applied, acknowledged.
 * REPLAYING (the journal is read again; nothing may be taken) → OPEN → CLOSED.
 */
export class TelemetryIntake {
  readonly dedup = new FrameDedup()
  /** Why telemetry could not be stored the last time, for a person. */
  problem: string | undefined
  /** Records that were not as agreed. */
  refused = 0
  readonly #parts: IntakeParts
  #checkpointing: Promise<void> | undefined
  #closing: Promise<void> | undefined
  /** Bytes of the last checkpoint, and of the segments that were closed since. */
  #checkpointBytes = 0
  #grownBytes = 0

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  /** Puts frames on disk and applies them. Throws where the disk does not take them: then nothing has changed. */
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
    this.#append([encodeEntry(entryKind.epoch, { producer, epoch, at })])
    endFormerEpochs(this.#parts.context, producer, epoch, at)
  }

  /**
   * A sidecar came, or has handed over everything. True where one before it had not: a doubt, which outlives this process as telemetry
   * does, also where both ended together.
   */
  sidecar(sidecar: Sidecar): boolean {
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

  /** Enters what the control plane decided of messages. Throws where the disk does not take it: then nothing has changed. */
  resolve(decided: readonly Resolution[]): void {
    if (decided.length === 0) return
    const { journal, context } = this.#parts
    const offset = this.#append([encodeEntry(entryKind.resolved, {}, Buffer.from(JSON.stringify(decided)))])
    const place = { segment: journal.current, offset }
    for (const each of decided) applyResolution(context, each, place)
    context.traces.rest()
    if (journal.isFull) this.#rotate()
  }

  /** Reads checkpoint and journal, and begins a segment for what comes. */
  async open(): Promise<void> {
    const { directory, journal, context, flow, health, log } = this.#parts
    const checkpoint = await readCheckpoint(directory)
    const { flow: liveFlow, processes } = context
    if (checkpoint) {
      restoreLedger(context.ledger, checkpoint.ledger)
      restoreTotals(flow, checkpoint.totals)
      this.dedup.restore(checkpoint.dedup, checkpoint.missingFrames)
      context.anomalies.restore(checkpoint.anomalies)
      processes.restore(checkpoint.processes)
      health.restore(checkpoint)
      context.rebuilding = true
      context.flow = noFlow
      // Those of the checkpoint are later than what is read first.
      context.processes = new Processes()
    }
    const leaveCheckpoint = (): void => {
      if (!context.rebuilding) return
      dropHalfRead(context)
      context.rebuilding = false
      context.flow = liveFlow
      context.processes = processes
      afterRestart(context)
    }
    let slice = performance.now()
    for (const segment of journal.segments()) {
      if (segment >= (checkpoint?.segment ?? 0)) leaveCheckpoint()
      const { entries, mend } = await journal.read(segment)
      for (const entry of entries) {
        this.#replay(entry, segment)
        context.traces.rest()
        if (performance.now() - slice < replaySliceMs) continue
        await setImmediate()
        slice = performance.now()
      }
      mend(log)
    }
    leaveCheckpoint()
    suspectAnew(context)
    journal.begin(checkpoint?.segment)
    this.#parts.owed.forgetWritten()
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
    const { owed, groupsOf, log, journal, context } = this.#parts
    const { records, refused } = parseFrame(body)
    const entries: Buffer[] = []
    for (const record of records) {
      if (record.kind !== 'publish.attempted') continue
      for (const type of new Set(record.messages.map((message) => message.type))) {
        const entry = owed.update(type, groupsOf(type, record.at))
        if (entry) entries.push(entry)
      }
    }
    const before = entries.reduce((bytes, { length }) => bytes + length, 0)
    const at = context.now()
    entries.push(encodeEntry(entryKind.frame, { source, incarnation, seq, at }, body))
    const offset = this.#append(entries) + before
    this.#admit(frame)
    this.#hear(source, incarnation, records, at)
    this.#apply(records, { segment: journal.current, offset }, this.#parts.other)
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

  /** False where the frame came before. A gap in the numbers is charged to the service. */
  #admit({ source, incarnation, seq }: Pick<TelemetryFrame, 'source' | 'incarnation' | 'seq'>): boolean {
    const before = this.dedup.missing
    const isNew = this.dedup.admit(incarnation, seq)
    const change = this.dedup.missing - before
    if (change !== 0) this.#parts.health.addMissing(this.#parts.context.serviceOf(source), change)
    return isNew
  }

  /** Notes which process an instance is now; what its former one had in hand is in nobody's hands. */
  #hear(source: string, incarnation: string, records: readonly TelemetryRecord[], arrivedAt: number): void {
    const { context } = this.#parts
    const first = records[0]
    if (first && context.processes.heard(source, incarnation, first.at, arrivedAt)) interruptRuns(context, source)
  }

  #append(entries: readonly Buffer[]): number {
    try {
      const offset = this.#parts.journal.append(entries)
      this.problem = undefined
      return offset
    } catch (error) {
      this.#parts.owed.forgetWritten()
      const reason = error instanceof Error ? error.message : String(error)
      this.problem = `telemetry cannot be stored in ${this.#parts.directory} (${reason}); free space there, sidecars keep it meanwhile`
      throw error
    }
  }

  #apply(records: readonly TelemetryRecord[], place: Place, other: OtherRecords): void {
    const { context, log } = this.#parts
    for (const record of records) {
      try {
        applyRecord(context, other, record, place)
      } catch (error) {
        // It is in the journal: a control plane that is mended applies it when it starts.
        log.error({ err: error, kind: record.kind }, 'a telemetry record could not be applied')
      }
    }
  }

  #replay(entry: Entry, segment: number): void {
    const { context, owed } = this.#parts
    if (entry.kind === entryKind.owed) {
      const { type, groups } = owedHead.parse(entry.head)
      owed.set(type, groups)
    } else if (entry.kind === entryKind.epoch) {
      const { producer, epoch, at } = epochHead.parse(entry.head)
      endFormerEpochs(context, producer, epoch, at)
    } else if (entry.kind === entryKind.resolved) {
      for (const each of readResolutions(entry.body)) applyResolution(context, each, { segment, offset: entry.offset })
    } else if (entry.kind === entryKind.sidecar) {
      // The checkpoint has those before it.
      if (!context.rebuilding) this.#parts.health.takeSidecar(sidecarHead.parse(entry.head))
    } else if (entry.kind === entryKind.frame) {
      const head = frameHead.parse(entry.head)
      if (!context.rebuilding && !this.#admit(head)) return
      const { log, fault } = this.#parts.other
      const past: OtherRecords = { log, gauges: () => {}, burst: () => {}, fault, assigned: () => {} }
      const { records } = parseFrame(entry.body)
      this.#hear(head.source, head.incarnation, records, head.at ?? records[0]?.at ?? 0)
      this.#apply(records, { segment, offset: entry.offset }, past)
    }
  }

  #rotate(): void {
    const { journal, owed } = this.#parts
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
    const { directory, journal, context, flow, health } = this.#parts
    const segment = journal.current
    const grown = this.#grownBytes
    this.#checkpointBytes = await writeCheckpoint(directory, {
      segment,
      ledger: ledgerState(context.ledger),
      totals: meterTotals(flow),
      dedup: this.dedup.state(),
      missingFrames: this.dedup.missing,
      anomalies: context.anomalies.state(),
      processes: context.processes.state(),
      ...health.state(),
    })
    this.#grownBytes -= grown
    journal.prune(segment)
  }
}
