import { inflateSync } from 'node:zlib'
import {
  type HistoryFrame,
  type HistoryGap,
  type HistorySecond,
  historyFrame,
  historyGap,
  historySecond,
} from '#contracts/api/history.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { type ChangesHead, type HistoryRecord, recordKind, unpackChanges } from './block-format.ts'
import { type Changes, changeBytes, noChanges } from './changes.ts'
import type { HistoryFiles } from './history-files.ts'
import { Marks } from './marks.ts'
import { indexAt, type Moment, type Place } from './moment.ts'
import { RecentlyRead } from './recently-read.ts'

/** Moments at most: those of an hour, of runs that are kept longer, and none of a lab that records for a year with no messages. */
const mostMoments = 40_000
/** Two keyframes further apart than this have something missing between them. Milliseconds. */
const gapMs = 5_000
const mostGaps = 500
const mostFaults = 1_000

/**
 * What is recorded, by time: a few hundred bytes a keyframe in memory, the rest on disk. What was read last is kept: at most 32 MB of
 * changes, 16 keyframes, and the seconds that charts are made of.
 */
export class HistoryIndex {
  readonly moments: Moment[] = []
  readonly marks = new Marks()
  readonly gaps: HistoryGap[] = []
  readonly faults = new Map<string, Fault>()
  /** The gap that has not ended yet. */
  openGap: Omit<HistoryGap, 'to'> | undefined
  readonly #files: HistoryFiles
  readonly #frames = new RecentlyRead<HistoryFrame>(16)
  readonly #seconds = new RecentlyRead<HistorySecond>(1_000)
  readonly #changes = new RecentlyRead<Changes>(32 * 1024 * 1024, ({ count }) => 200 + count * changeBytes)
  readonly #names = new Map<string, string>()

  constructor(files: HistoryFiles) {
    this.#files = files
  }

  /** The last moment that is known, with what followed it, epoch milliseconds; undefined if there is none. */
  get end(): number | undefined {
    const last = this.moments.at(-1)
    if (!last) return undefined
    const { ms, count } = this.changesOf(last)
    return last.at + (ms[count - 1] ?? 0)
  }

  /** Takes what a former process has recorded. */
  async load(): Promise<void> {
    await this.#files.load((record, place) => this.#take(record, place))
    this.#noteMissing()
  }

  add(moment: Moment, second: HistorySecond): void {
    this.moments.push(moment)
    this.#note(moment, second)
  }

  addGap(gap: HistoryGap): void {
    this.gaps.push(gap)
    if (this.gaps.length > mostGaps) this.gaps.shift()
  }

  gapAt(t: number): HistoryGap | undefined {
    if (this.openGap && this.openGap.from < t) return { ...this.openGap, to: t }
    return this.gaps.findLast(({ from, to }) => from < t && t < to)
  }

  frameOf({ held, keyframe }: Moment): HistoryFrame | undefined {
    if (held) return held.frame
    return (
      keyframe &&
      this.#frames.get(keyframe, () => {
        const record = this.#files.read(keyframe)
        return record && historyFrame.safeParse(JSON.parse(inflateSync(record.body).toString())).data
      })
    )
  }

  secondOf({ held, second }: Moment): HistorySecond | undefined {
    if (held) return held.second
    return second && this.#seconds.get(second, () => historySecond.safeParse(this.#files.read(second)?.head).data)
  }

  /** What followed the moment, up to the next one. */
  changesOf({ held, changes }: Moment): Changes {
    if (held?.changes) return held.changes
    const read =
      changes &&
      this.#changes.get(changes, () => {
        const record = this.#files.read(changes)
        return record && unpackChanges(record.head as ChangesHead, record.body)
      })
    return read ?? noChanges
  }

  /** Forgets the moments whose keyframes are in none of these segments. */
  keepOnly(segments: ReadonlySet<number>): void {
    const isKept = ({ keyframe }: Moment): boolean => keyframe === undefined || segments.has(keyframe.segment)
    const kept = this.moments.filter(isKept)
    this.moments.splice(0, this.moments.length, ...kept.slice(-mostMoments))
    const first = this.moments[0]?.at ?? Number.POSITIVE_INFINITY
    this.marks.forgetBefore(first)
    while (this.gaps[0] && this.gaps[0].to <= first) this.gaps.shift()
    for (const [id, { healedAt }] of this.faults) {
      if (healedAt !== undefined && Date.parse(healedAt) < first) this.faults.delete(id)
    }
  }

  #take({ kind, at, head }: HistoryRecord, place: Place): void {
    if (kind === recordKind.second) {
      const second = historySecond.parse(head)
      const moment: Moment = { at, second: place, lanes: [], hasChart: second.chart !== undefined }
      this.moments.push(moment)
      this.#note(moment, second)
    } else if (kind === recordKind.keyframe) {
      const last = this.moments.at(-1)
      if (last?.at === at) last.keyframe = place
    } else if (kind === recordKind.changes) {
      const moment = this.moments[indexAt(this.moments, at)]
      if (moment?.at !== at) return
      moment.changes = place
      moment.lanes = (head as ChangesHead).lanes.map((lane) => ({ ...lane, prefix: this.#shared(lane.prefix) }))
    } else if (kind === recordKind.gap) this.addGap(historyGap.parse(head))
  }

  #note(moment: Moment, { chart, events, faults, verdict }: HistorySecond): void {
    if (chart) moment.lag = chart.lag
    this.marks.add(moment.at, events, verdict)
    for (const fault of faults) {
      this.faults.delete(fault.id)
      this.faults.set(fault.id, fault)
    }
    for (const id of this.faults.keys()) {
      if (this.faults.size <= mostFaults) break
      this.faults.delete(id)
    }
  }

  /** A write that was cut off leaves a second without its keyframe; and what lies between two processes is not recorded. */
  #noteMissing(): void {
    const whole = this.moments.filter(({ keyframe }) => keyframe !== undefined)
    this.moments.splice(0, this.moments.length, ...whole)
    for (const [index, { at }] of this.moments.entries()) {
      const before = this.moments[index - 1]
      if (!before || at - before.at <= gapMs || this.gaps.some(({ from, to }) => from < at && to > before.at)) continue
      this.addGap({ from: before.at, to: at, reason: 'what was recorded of it could not be read, or was not kept' })
    }
    this.gaps.sort((a, b) => a.from - b.from)
  }

  #shared(name: string): string {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    this.#names.set(name, name)
    return name
  }
}
