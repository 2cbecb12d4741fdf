import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import type { Logger } from 'pino'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { HistoryFrame, HistoryGap, HistorySecond } from '#contracts/api/history.ts'
import type { ChartPoint } from '#contracts/api/live.ts'
import { encodeRecord, packColumns, recordKind } from './block-format.ts'
import type { ChangeBuffer } from './change-buffer.ts'
import { ChangedFaults } from './changed-faults.ts'
import type { Changes } from './changes.ts'
import type { HistoryFiles } from './history-files.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Moment } from './moment.ts'

const deflated = promisify(deflate)
/** As fast as it goes: the columns are made to deflate well. */
const packing = { level: 1 }

/** Keyframes that wait for the disk at most; what comes then is not recorded, and a gap says so. */
const mostWaiting = 8

export interface RecordedLab {
  /** What viewers see now. */
  frame(): HistoryFrame
  /** Counts the seconds of the charts. */
  chartNumber(): number
  /** The newest point of the charts, and the last one of each node's sparkline. */
  chart(): { point: ChartPoint | undefined; sparks: Record<string, number> }
  events: { last(): number; since(after: number, limit: number): EventLogEntry[] }
}

export interface RecorderParts {
  lab: RecordedLab
  buffer: ChangeBuffer
  index: HistoryIndex
  files: HistoryFiles
  /** Called when a segment has ended, and when the disk refused a keyframe: what is old may go. */
  onSegment: () => void
  log: Logger
  now: () => number
}

/** Events and faults of refused seconds that wait for the next one, at most, of each; the newest stay. */
const mostOwed = 1_000

/** What was not noted, since when, epoch milliseconds. */
type Missing = Omit<HistoryGap, 'to'>

/** A keyframe that is not on disk yet, and the changes before it, which belong to the moment before. */
interface Batch {
  moment: Moment
  before: Moment | undefined
  changes: Changes
  /** Of the changes before it, and of what came before those. */
  missing: Missing | undefined
}

/**
 * Takes a keyframe once a second and at every entry of the event log, and writes it with the changes before it.
 * RECORDING → GAP (the disk refuses, or is behind: what comes is not kept) → RECORDING (a keyframe is on disk again, and says what is
 * missing). It never waits for the disk: writing goes on behind the calls, in the order of the keyframes.
 */
export class HistoryRecorder {
  /** Why nothing is recorded at the moment, for a person. */
  problem: string | undefined
  readonly #parts: RecorderParts
  readonly #faults = new ChangedFaults()
  #chartNumber = 0
  #eventSeq: number
  #verdict: string | undefined
  #waiting = 0
  #writing: Promise<void> = Promise.resolve()
  /** Of what came since the last keyframe that was handed to the disk. */
  #missing: Missing | undefined
  /** Of what the disk did not take. */
  #gap: Missing | undefined
  /** Changes of the seconds that the disk refused; the next second that is written has them. */
  #owed: HistorySecond | undefined
  /** Whether the last call of `onSegment` failed. */
  #isForgetStuck = false

  /** `gapSince`: nothing is recorded between then and now, since this process was not there. */
  constructor(parts: RecorderParts, gapSince?: number) {
    this.#parts = parts
    this.#eventSeq = parts.lab.events.last()
    if (gapSince !== undefined) this.#missing = { from: gapSince, reason: 'the control plane did not run' }
    this.#tellGap()
  }

  /** To be called a few times a second. */
  tick(): void {
    const { lab } = this.#parts
    if (lab.chartNumber() === this.#chartNumber && lab.events.last() === this.#eventSeq) return
    this.keyframe()
  }

  keyframe(): void {
    const { lab, buffer, index, now } = this.#parts
    const before = index.moments.at(-1)
    const at = Math.max(now(), Math.ceil(buffer.last), (before?.at ?? 0) + 1)
    const frame = lab.frame()
    const { dropped } = buffer
    const changes = buffer.cut(at)
    if (dropped > 0) this.#miss(before?.at ?? at, dropped, 'more happened in a second than is kept')
    if (this.#waiting >= mostWaiting) {
      this.#miss(before?.at ?? at, changes.count, 'the disk was too slow')
      return
    }
    const second = this.#second(frame)
    const moment: Moment = {
      ...{ at, lanes: [], hasChart: second.chart !== undefined },
      held: { frame: { ...frame, at }, second },
    }
    const missing = this.#missing
    this.#missing = undefined
    if (before?.held && changes.count > 0 && !missing) {
      before.lanes = changes.lanes
      before.held.changes = changes
    }
    index.add(moment, second)
    this.#waiting += 1
    this.#writing = this.#writing
      .then(() => this.#write({ moment, before, changes, missing }))
      .finally(() => {
        this.#waiting -= 1
      })
  }

  /** Resolves when every keyframe that was taken is on disk, or never will be. */
  settled(): Promise<void> {
    return this.#writing
  }

  /** Takes a last keyframe, and resolves when all is on disk. */
  async close(): Promise<void> {
    this.keyframe()
    await this.settled()
  }

  #second(frame: HistoryFrame): HistorySecond {
    const { lab } = this.#parts
    const number = lab.chartNumber()
    const { point, sparks } = lab.chart()
    const isNew = number !== this.#chartNumber
    this.#chartNumber = number
    const events = lab.events.since(this.#eventSeq, 1_000)
    this.#eventSeq = events.at(-1)?.seq ?? this.#eventSeq
    const { result, reasons } = frame.ledger.verdict
    const isTurned = this.#verdict !== undefined && this.#verdict !== result
    this.#verdict = result
    const [reason] = reasons
    return {
      ...(isNew && point ? { chart: point, sparks } : {}),
      events,
      faults: this.#faults.take(frame.faults),
      ...(isTurned ? { verdict: { result, ...(reason === undefined ? {} : { reason }) } } : {}),
    }
  }

  async #write(batch: Batch): Promise<void> {
    const { moment, before, changes, missing } = batch
    const { files, index, log } = this.#parts
    if (!moment.held) return
    if (this.#owed) moment.held.second = withOwed(moment.held.second, this.#owed)
    if (missing) this.#gap ??= missing
    try {
      const [columns, body] = await Promise.all([
        changes.count > 0 ? deflated(packColumns(changes), packing) : undefined,
        deflated(Buffer.from(JSON.stringify(moment.held.frame)), packing),
      ])
      // Changes are in the segment of the keyframe before them, so that they are kept as long as that is.
      if (columns && before?.keyframe && !this.#gap) {
        const { count, lanes, names } = changes
        before.changes = files.append(encodeRecord(recordKind.changes, before.at, { count, lanes, names }, columns))
      }
      const isOver = files.isSegmentOver
      if (isOver) files.begin()
      if (this.#gap) files.append(encodeRecord(recordKind.gap, moment.at, { ...this.#gap, to: moment.at }))
      moment.second = files.append(encodeRecord(recordKind.second, moment.at, moment.held.second))
      this.#owed = undefined
      moment.keyframe = files.append(encodeRecord(recordKind.keyframe, moment.at, undefined, body))
      if (this.#gap) index.addGap({ ...this.#gap, to: moment.at })
      this.#gap = undefined
      if (before) letGo(before)
      this.problem = undefined
      if (isOver) this.#forgetOld()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (this.problem === undefined) log.error({ err: error }, 'the history could not be written')
      this.problem = `the history of the lab cannot be stored (${reason}); it has a gap until there is room`
      this.#forget(batch, reason)
      this.#forgetOld()
    }
    this.#tellGap()
  }

  /** The disk did not take a batch: the moment and what came before it are missing. */
  #forget({ moment, before, changes }: Batch, reason: string): void {
    const { index } = this.#parts
    // A second that is on disk without its keyframe is read again, and must not be written twice.
    if (!moment.second) this.#owed = moment.held?.second
    if (before) letGo(before)
    const found = index.moments.lastIndexOf(moment)
    if (found !== -1) index.moments.splice(found, 1)
    const why = isFull(reason) ? 'the disk was full' : `the disk refused it: ${reason}`
    this.#gap ??= { from: before?.at ?? moment.at, reason: why, dropped: 0 }
    this.#gap.dropped = (this.#gap.dropped ?? 0) + changes.count
  }

  /** A failure takes nothing from what was written; the next call tries again. */
  #forgetOld(): void {
    const { log, onSegment } = this.#parts
    try {
      onSegment()
      this.#isForgetStuck = false
    } catch (error) {
      if (!this.#isForgetStuck) log.warn({ err: error }, 'what is old in the history could not be removed')
      this.#isForgetStuck = true
    }
  }

  #miss(from: number, dropped: number, reason: string): void {
    this.#missing ??= { from, reason, dropped: 0 }
    this.#missing.dropped = (this.#missing.dropped ?? 0) + dropped
    this.#tellGap()
  }

  #tellGap(): void {
    this.#parts.index.openGap = this.#gap ?? this.#missing
  }
}

/** The next keyframe is on disk, or never will be: what memory has of a moment goes. */
function letGo(moment: Moment): void {
  if (!moment.changes) moment.lanes = []
  delete moment.held
}

/** A second that also holds what the disk refused of the seconds before it. Charts of those are missing: they are in the gap. */
function withOwed(second: HistorySecond, owed: HistorySecond): HistorySecond {
  const changed = new Set(second.faults.map(({ id }) => id))
  const verdict = second.verdict ?? owed.verdict
  return {
    ...second,
    events: [...owed.events, ...second.events].slice(-mostOwed),
    faults: [...owed.faults.filter(({ id }) => !changed.has(id)), ...second.faults].slice(-mostOwed),
    ...(verdict ? { verdict } : {}),
  }
}

const isFull = (reason: string): boolean => reason.includes('ENOSPC') || reason.includes('EDQUOT')
