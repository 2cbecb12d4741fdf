import { copyFileSync, readFileSync, truncateSync } from 'node:fs'
import { type Logger, pino } from 'pino'
import { Journal } from './journal/journal.ts'
import { RecordBuffer, readRecords } from './journal/record-buffer.ts'
import { putJson, recordType, snapshotOf } from './journal/records.ts'
import { replayRecord } from './journal/replay.ts'
import { SegmentLog, type WriteAt } from './journal/segment-log.ts'
import { listSegments } from './journal/segments.ts'
import { MemoryState } from './memory/memory-state.ts'
import { memoryStore } from './memory.ts'
import type { QueueStore } from './queue-store.ts'

export interface JournalStoreOptions {
  /** Folder of the journal; made where it is missing. One process at a time. */
  dir: string
  /** Default: silent. */
  log?: Logger
  clock?: () => number
  /** Default 200. */
  syncEveryMs?: number
  /** A new file is begun after this many bytes. Default 16 MiB. */
  segmentBytes?: number
  maximumRetained?: number
  writeAt?: WriteAt
}

const defaultSegmentBytes = 16_777_216

/**
 * The memory store with a journal: what it accepted is there again after the process was killed. Reads the folder back
 * first; throws where it cannot be read or written. What is promised when is in JOURNAL.md.
 */
export function journalStore(options: JournalStoreOptions): QueueStore {
  const { dir, clock = Date.now, segmentBytes = defaultSegmentBytes, syncEveryMs = 200 } = options
  const log = options.log ?? pino({ level: 'silent' })
  const state = new MemoryState()
  const files = new SegmentLog({
    dir,
    segmentBytes,
    head: () => headOf(state),
    onSyncError: (error) => log.error({ err: error }, 'the journal could not be synced to the disk'),
    ...(options.writeAt === undefined ? {} : { writeAt: options.writeAt }),
  })
  readBack(dir, state, files, log)
  for (const queue of state.byName.values()) queue.rebuild(clock())
  files.ensureRoom(0)
  files.dropEmpty()
  const journal = new Journal({ files, state, log, syncEveryMs, leanBytes: segmentBytes * 4 })
  const limit = options.maximumRetained
  return memoryStore({ clock, log: journal, state, ...(limit === undefined ? {} : { maximumRetained: limit }) })
}

function headOf(state: MemoryState): Buffer {
  const buffer = new RecordBuffer()
  putJson(buffer, recordType.snapshot, snapshotOf(state))
  return buffer.bytes
}

function readBack(dir: string, state: MemoryState, files: SegmentLog, log: Logger): void {
  const found = listSegments(dir)
  state.onReleased = (message) => files.release(message)
  found.forEach(({ number, path }, index) => {
    const bytes = readFileSync(path)
    files.addExisting({ number, path, bytes: bytes.length, live: 0 })
    const adopt = files.adopt.bind(files)
    const { end } = readRecords(bytes, (record) => replayRecord(record, state, number, adopt))
    if (end === bytes.length) return
    const unread = bytes.length - end
    if (index === found.length - 1) {
      log.warn({ path, unread }, 'the last write before the end was cut off; it had not been acknowledged')
    } else {
      const kept = `${path}.damaged`
      copyFileSync(path, kept)
      log.error({ path, kept, at: end, unread }, 'a journal file is damaged: the rest of it could not be read')
    }
    truncateSync(path, end)
  })
  if (found.length > 0)
    log.info({ segments: found.length, messages: state.retainedMessages }, 'the journal was read back')
}
