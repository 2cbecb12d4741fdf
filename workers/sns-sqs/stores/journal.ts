import { type Logger, pino } from 'pino'
import { SegmentLog } from '#storage/segment-log/segment-log.ts'
import type { WriteAt } from '#storage/segment-log/segment-writer.ts'
import { StoreJournal } from './journal/journal.ts'
import { adopt, release } from './journal/message-place.ts'
import { RecordBuffer, RecordReader, storeByteOrder } from './journal/record-buffer.ts'
import { putJson, recordType, snapshotOf } from './journal/records.ts'
import { replayRecord } from './journal/replay.ts'
import { MemoryState } from './memory/memory-state.ts'
import { memoryStore } from './memory.ts'
import type { QueueStore } from './queue-store.ts'

export interface JournalStoreOptions {
  /** Folder of the journal; made if it is missing. One process at a time. */
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
 * first; throws if it cannot be read or written. What is promised when is in JOURNAL.md.
 */
export function journalStore(options: JournalStoreOptions): QueueStore {
  const { dir, clock = Date.now, segmentBytes = defaultSegmentBytes, syncEveryMs = 200 } = options
  const log = options.log ?? pino({ level: 'silent' })
  const state = new MemoryState()
  const files = new SegmentLog({
    directory: dir,
    naming: { prefix: '', digits: 10, suffix: '.journal' },
    byteOrder: storeByteOrder,
    segmentBytes,
    outlives: 'power',
    head: () => headOf(state),
    onSyncError: (error) => log.error({ err: error }, 'the journal could not be synced to the disk'),
    ...(options.writeAt === undefined ? {} : { writeAt: options.writeAt }),
  })
  readBack(state, files, log)
  for (const queue of state.byName.values()) queue.rebuild(clock())
  files.ensureRoom(0)
  files.removeOldestUnused()
  const journal = new StoreJournal({ files, state, log, syncEveryMs, leanBytes: segmentBytes * 4 })
  const limit = options.maximumRetained
  return memoryStore({ clock, log: journal, state, ...(limit === undefined ? {} : { maximumRetained: limit }) })
}

function headOf(state: MemoryState): Buffer {
  const buffer = new RecordBuffer()
  putJson(buffer, recordType.snapshot, snapshotOf(state))
  return buffer.bytes
}

function readBack(state: MemoryState, files: SegmentLog, log: Logger): void {
  const segments = files.segments()
  state.onReleased = (message) => release(files, message)
  for (const segment of segments) {
    const { records, mend } = files.readNow(segment)
    for (const { payload } of records()) {
      replayRecord(new RecordReader(payload), state, segment, (message, number) => adopt(files, message, number))
    }
    const cutOff = mend()
    if (cutOff?.kept !== undefined) {
      log.error(cutOff, 'a journal file is damaged: the rest of it could not be read')
    } else if (cutOff) {
      log.warn(cutOff, 'the last write before the end was cut off; it had not been acknowledged')
    }
  }
  if (segments.length > 0)
    log.info({ segments: segments.length, messages: state.retainedMessages }, 'the journal was read back')
}
