import { setImmediate as nextTurn } from 'node:timers'
import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { SegmentLog } from '#storage/segment-log/segment-log.ts'
import type { Accepted, ChangeLog, KeptAttempt, NumberedChange } from '../memory/change-log.ts'
import type { LiveMessage } from '../memory/copy.ts'
import type { MemoryState } from '../memory/memory-state.ts'
import type { OnceEntry } from '../memory/once-table.ts'
import { StoreUnavailable } from '../queue-store.ts'
import { restateOldest } from './compaction.ts'
import { adopt, release } from './message-place.ts'
import { RecordBuffer } from './record-buffer.ts'
import {
  putAccepted,
  putAttempted,
  putDeleted,
  putJson,
  putMoved,
  putPurged,
  putReceived,
  putReset,
  putTransferred,
  putVisibility,
  recordType,
} from './records.ts'

export interface JournalOptions {
  files: SegmentLog
  state: MemoryState
  log: Logger
  /** Between two fdatasync calls. What a loss of power may take is what was accepted since the last one. */
  syncEveryMs: number
  /** The journal is not rewritten while it is smaller than this. */
  leanBytes: number
}

interface Intent {
  messages: Accepted[]
  apply: () => void
  resolve: () => void
  reject: (error: Error) => void
}

/** Between two looks at what can be dropped. */
const choresEveryMs = 500
/** Bytes that one step of the compaction rewrites. */
const compactionStep = 1_048_576
/** A stored message's own cost on disk beside its texts, roughly. */
const overheadBytes = 150

/**
 * Group commit: everything reported in one turn of the event loop is written by one call at its end, and answered then.
 * Two buffers: *facts* have happened in memory and are kept for the next attempt where the disk refuses them; *intents*
 * happen only once they are written. See JOURNAL.md for what survives what.
 */
export class StoreJournal implements ChangeLog {
  private readonly options: JournalOptions
  private readonly facts = new RecordBuffer()
  private readonly intents = new RecordBuffer()
  private waitingIntents: Intent[] = []
  private waitingFacts: Pick<Intent, 'resolve' | 'reject'>[] = []
  private scheduled = false
  private refusing = false
  private compacting = false
  private closed = false
  /** What all that was held took when it was last rewritten, or less where the journal is smaller since. */
  private bytesAfterPass = 0
  private readonly timers: NodeJS.Timeout[]

  constructor(options: JournalOptions) {
    this.options = options
    const { files, syncEveryMs } = options
    this.timers = [
      setInterval(() => files.syncInBackground(), syncEveryMs).unref(),
      setInterval(() => this.doChores(), choresEveryMs).unref(),
    ]
  }

  accept(messages: Accepted[], apply: () => void): Promise<void> {
    putAccepted(this.intents, messages)
    this.schedule()
    return new Promise((resolve, reject) => this.waitingIntents.push({ messages, apply, resolve, reject }))
  }

  declare(changes: NumberedChange[], apply: () => void): void {
    this.flush()
    putJson(this.intents, recordType.declared, changes)
    let failure: Error | undefined
    const reject = (error: Error) => {
      failure = error
    }
    this.waitingIntents.push({ messages: [], apply, resolve: () => {}, reject })
    this.commit()
    if (failure !== undefined) throw failure
  }

  received(queue: number, visibleAt: number, at: number, keys: number[]): void {
    putReceived(this.facts, queue, visibleAt, at, keys)
    this.schedule()
  }

  deleted(queue: number, keys: number[]): Promise<void> {
    putDeleted(this.facts, queue, keys)
    return this.factWritten()
  }

  visibilityChanged(queue: number, changes: { key: number; visibleAt: number }[]): Promise<void> {
    putVisibility(this.facts, queue, changes)
    return this.factWritten()
  }

  moved(from: number, to: number, key: number, newKey: number): void {
    putMoved(this.facts, from, to, key, newKey)
    this.schedule()
  }

  transferred(from: number, to: number, key: number, message: LiveMessage, old: LiveMessage): Promise<void> {
    putTransferred(this.facts, from, to, key, message)
    // The text stays where the old message's is.
    adopt(this.options.files, message, old.segment)
    return this.factWritten()
  }

  attempted(id: string, attempt: KeptAttempt): Promise<void> {
    putAttempted(this.facts, id, attempt)
    return this.factWritten()
  }

  purged(queue: number): void {
    putPurged(this.facts, queue)
    this.schedule()
  }

  reset(): void {
    putReset(this.facts)
    this.schedule()
  }

  released(held: LiveMessage | OnceEntry): void {
    release(this.options.files, held)
  }

  flush(): void {
    const failure = this.commit()
    if (failure !== undefined) throw failure
  }

  async close(): Promise<void> {
    this.closed = true
    for (const timer of this.timers) clearInterval(timer)
    const failure = this.commit()
    await this.options.files.close()
    if (failure !== undefined) throw failure
  }

  private factWritten(): Promise<void> {
    this.schedule()
    return new Promise((resolve, reject) => this.waitingFacts.push({ resolve, reject }))
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    nextTurn(() => {
      this.scheduled = false
      this.commit()
    })
  }

  /** Writes what waits, then lets it happen. Where the disk refuses, says why to everyone who waits and to the caller. */
  private commit(): StoreUnavailable | undefined {
    const intents = this.waitingIntents
    const facts = this.waitingFacts
    if (this.facts.length === 0 && this.intents.length === 0) return undefined
    this.waitingIntents = []
    this.waitingFacts = []
    try {
      this.writeFacts()
    } catch (error) {
      this.intents.clear()
      return this.refuse(error, [...facts, ...intents])
    }
    for (const { resolve } of facts) resolve()
    if (intents.length === 0) return this.accepting()
    const { files } = this.options
    let segment: number
    try {
      segment = files.ensureRoom(this.intents.length)
      files.append(this.intents.bytes)
    } catch (error) {
      return this.refuse(error, intents)
    } finally {
      this.intents.clear()
    }
    for (const { messages, apply, resolve } of intents) {
      for (const { message, uses = [] } of messages) {
        adopt(files, message, segment)
        for (const { entry } of uses) adopt(files, entry, segment)
      }
      apply()
      resolve()
    }
    return this.accepting()
  }

  private writeFacts(): void {
    if (this.facts.length === 0) return
    this.options.files.ensureRoom(this.facts.length)
    this.options.files.append(this.facts.bytes)
    this.facts.clear()
  }

  private refuse(cause: unknown, waiting: Pick<Intent, 'reject'>[]): StoreUnavailable {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const failure = new StoreUnavailable(
      `the journal cannot be written (${reason}); nothing was accepted, what was accepted before is kept: free some disk space`,
      { cause },
    )
    if (!this.refusing) this.options.log.error({ err: cause }, failure.message)
    this.refusing = true
    for (const { reject } of waiting) reject(failure)
    return failure
  }

  private accepting(): undefined {
    if (this.refusing) this.options.log.info('the journal can be written again')
    this.refusing = false
  }

  private doChores(): void {
    const { files, log } = this.options
    try {
      // Facts that a full disk refused are tried again without waiting for a request.
      if (this.facts.length > 0) this.commit()
      files.removeOldestUnused()
      this.bytesAfterPass = Math.min(this.bytesAfterPass, files.totalBytes)
      if (!this.compacting) {
        this.compacting = true
        this.compact()
          .catch((error) => log.error({ err: error }, 'the journal could not be rewritten; it is tried again'))
          .finally(() => {
            this.compacting = false
          })
      }
    } catch (error) {
      log.error({ err: error }, 'the journal could not be tidied up; it is tried again')
    }
  }

  /** Rewrites what is left in the oldest segment while more than two thirds of the journal is of no use. */
  private async compact(): Promise<void> {
    const { files } = this.options
    if (!this.isFat()) return
    const last = files.newest
    let rewritten = 0
    for (let oldest = files.oldest; oldest !== undefined && oldest <= last; oldest = files.oldest) {
      if (this.closed || !this.isFat()) return
      rewritten += this.restate(oldest)
      if (!files.isUsed(oldest)) {
        // What was rewritten must be as durable as the old file was before that one goes.
        await files.sync()
        files.removeOldestUnused()
      }
      await setImmediate()
    }
    // What came meanwhile does not count: most of it may be of no use by now.
    this.bytesAfterPass = rewritten
  }

  private isFat(): boolean {
    const { files, state, leanBytes } = this.options
    const useful = state.retainedCharacters + state.retainedMessages * overheadBytes
    // Texts beyond ASCII take more bytes than characters: the second bound keeps one pass from following another.
    return files.totalBytes > Math.max(leanBytes, useful * 3, this.bytesAfterPass * 2)
  }

  /** One step, in one turn; answers its bytes. Facts are written first: applied after it, an older one would be applied twice. */
  private restate(segment: number): number {
    const { files, state } = this.options
    this.flush()
    const before = this.facts.length
    const held = restateOldest(state, segment, this.facts, compactionStep)
    if (held.length === 0) return 0
    try {
      const target = files.ensureRoom(this.facts.length)
      files.append(this.facts.bytes)
      for (const one of held) adopt(files, one, target)
      const bytes = this.facts.length
      this.facts.clear()
      return bytes
    } catch (error) {
      this.facts.length = before
      throw error
    }
  }
}
