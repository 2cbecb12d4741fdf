import { join } from 'node:path'
import type { Logger } from 'pino'
import type { LabInfo } from '#contracts/api/live.ts'
import type { RunItem } from '#contracts/api/run.ts'
import type { EventLog } from './event-log/event-log.ts'
import { ChangeBuffer } from './history/change-buffer.ts'
import { createHistory, type History } from './history/history.ts'
import { HistoryFiles } from './history/history-files.ts'
import { HistoryIndex } from './history/history-index.ts'
import { HistoryRecorder } from './history/recorder.ts'
import { forgetOld, type RetentionLimits } from './history/retention.ts'
import { unheard } from './ledger/ledger-changes.ts'
import type { SharedFrame } from './live/live-sources.ts'
import { samplesPerSecond } from './metrics/rate-window.ts'
import type { Observatory } from './observatory.ts'

export interface HistoryRoom {
  /** The data folder. */
  dataDir: string
  /** `seconds` 0: nothing is recorded. */
  limits: RetentionLimits
  observatory: Observatory
  /** What viewers are shown now. */
  shared: () => SharedFrame
  lab: () => LabInfo
  events: Pick<EventLog, 'last' | 'since'>
  /** Their moments are kept as long as they are. */
  runs: () => RunItem[]
  log: Logger
  /** Epoch milliseconds. */
  clock?: () => number
}

export interface OpenHistory {
  history: History
  /** Why moments are missing that are of now, for a person. */
  problems(): string[]
  /** Reads what was recorded before, then records. To be called when the ledger has its past. */
  start(): Promise<void>
  /** Resolves when everything is on disk, as far as the disk works. */
  close(): Promise<void>
}

/** Records the lab second by second, and answers what it was like. */
export function openHistory(room: HistoryRoom): OpenHistory {
  const { limits, observatory, shared, lab, events, runs, log, clock = Date.now } = room
  const { metrics } = observatory
  const { ledger } = observatory.books.context
  const directory = join(room.dataDir, 'history')
  const files = new HistoryFiles({ directory, now: clock, log })
  const index = new HistoryIndex(files)
  const buffer = new ChangeBuffer(clock)
  const kept = (id: string) => {
    const journey = observatory.journey(id)
    return journey === 'dropped' ? undefined : journey
  }
  let recorder: HistoryRecorder | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const forget = (): void => {
    const pinned = runs().map(({ startedAt, endedAt }) => ({
      from: Date.parse(startedAt),
      to: endedAt === undefined ? clock() : Date.parse(endedAt),
    }))
    forgetOld({ files, index }, limits, { now: clock(), pinned })
  }
  const recorded = {
    frame() {
      const { topologyRevision: _, ledgerGroups: __, ...frame } = shared()
      return { ...frame, lab: lab() }
    },
    chartNumber: () => metrics.pointNumber,
    chart: () => ({
      point: metrics.charts.at(-1),
      sparks: Object.fromEntries([...metrics.sparks].map(([id, points]) => [id, points.at(-1) ?? 0])),
    }),
    events,
  }

  return {
    history: createHistory({ index, files, buffer, limits, journey: kept, runs, now: clock }),
    problems: () => (recorder?.problem === undefined ? [] : [recorder.problem]),
    async start() {
      if (limits.seconds === 0) return
      await index.load()
      if (isClosed) return
      forget()
      buffer.cut(clock())
      ledger.changes = buffer
      recorder = new HistoryRecorder(
        { lab: recorded, buffer, index, files, onSegment: forget, log, now: clock },
        index.end,
      )
      recorder.keyframe()
      timer = setInterval(() => recorder?.tick(), 1_000 / samplesPerSecond)
    },
    async close() {
      isClosed = true
      clearInterval(timer)
      ledger.changes = unheard
      await recorder?.close()
      await files.close()
    },
  }
}
