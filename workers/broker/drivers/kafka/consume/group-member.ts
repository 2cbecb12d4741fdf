import type { Batch, Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import { factsOf } from '../kafka-error.ts'
import type { KafkaSettings } from '../options.ts'
import { type Holding, stickyAssigner } from './sticky-assigner.ts'

export interface GroupMemberOptions {
  kafka: Kafka
  group: string
  /** They must exist: kafkajs joins with none that does not. */
  topics: readonly string[]
  settings: KafkaSettings
  /** Read at each join. */
  holding: () => Holding
  /** Takes a fetched batch; `false` leaves it in the log. Must not block. */
  onBatch: (batch: Batch) => boolean
  /** The group has assigned again. Fetching goes on from the committed offsets. */
  onJoined: (memberId: string, assignment: Record<string, number[]>) => void
  /** The group is about to assign again: what is settled can still be committed now. */
  onRebalancing: () => void
  /** The group answered a heartbeat: it does not assign again, and this member is of that generation. */
  onGeneration: (generation: number) => void
}

/** One membership in a consumer group. */
export interface MemberConnection {
  readonly topics: ReadonlySet<string>
  /** Resolves with what ended it; a member never comes back, its place is taken by a new one. */
  readonly ended: Promise<unknown>
  /** Rejects if the broker did not take it: the member left the group, or does not reach it. */
  commit(offsets: readonly { topic: string; partition: number; offset: number }[]): Promise<void>
  pause(topic: string, partition: number): void
  resume(topic: string, partition: number): void
  /** Fetches on from `offset`. */
  seek(topic: string, partition: number, offset: number): void
  /** Leaves the group, so that others have its partitions at once. Never rejects; gives up after `timeoutMs`. */
  leave(timeoutMs: number): Promise<void>
}

const heartbeatMs = 500
/** How long a fetch waits for messages: so long stopping, pausing and joining wait at most. */
const fetchWaitMs = 200
/** More than the largest message, so that each partition can always go on. */
const fetchPartitionBytes = 1_310_720
/** A member that the group does not know joins again by itself, or, seen after the broker had been stopped for a while, fetches on and never does. */
const rejoinMs = 2_000
/** On top of the session timeout: a consumer that shows no sign of life for longer is given up. */
const silenceMs = 5_000

/**
 * Joins a group. JOINING → MEMBER → ENDED. kafkajs hides several ways to end for good behind a log line, so whatever ends it (a
 * crash that it would not restart, a stop that nobody asked for, silence) comes out as `ended`, and it restarts nothing by itself.
 */
export function joinGroup(options: GroupMemberOptions): MemberConnection {
  const { kafka, group, settings } = options
  /** What kafkajs still tells of a member that was given up, or leaves later than it was waited for, is not of the one in its place. */
  let over = false
  let resolveEnded: (reason: unknown) => void = () => undefined
  const ended = new Promise<unknown>((resolve) => {
    resolveEnded = resolve
  })
  const end = (reason: unknown): void => {
    over = true
    resolveEnded(reason)
  }
  let sign = Date.now()
  /** Since when the group has not known this member, as far as its commits tell. */
  let unknownSince: number | undefined
  let commitNow: EachBatchPayload['commitOffsetsIfNecessary'] | undefined
  const consumer: Consumer = kafka.consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    partitionAssigners: [stickyAssigner(options.holding)],
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: Math.min(heartbeatMs, settings.sessionTimeoutMs / 3),
    rebalanceTimeout: 3_000,
    maxWaitTimeInMs: fetchWaitMs,
    maxBytesPerPartition: fetchPartitionBytes,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
  })
  const { events } = consumer
  const alive = (): void => {
    sign = Date.now()
  }
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    if (over) return
    alive()
    unknownSince = undefined
    options.onJoined(payload.memberId, payload.memberAssignment)
  })
  consumer.on(events.REBALANCING, () => {
    if (!over) options.onRebalancing()
  })
  consumer.on(events.HEARTBEAT, ({ payload }) => {
    if (over) return
    alive()
    options.onGeneration(payload.groupGenerationId)
  })
  consumer.on(events.CRASH, ({ payload }) => end(payload.error))
  consumer.on(events.STOP, () => {
    // A crash stops it first and says why afterwards.
    if (!over) setTimeout(() => end(new Error('the consumer stopped by itself')), 1_000).unref()
  })
  const watch = setInterval(() => {
    const silent = Date.now() - sign
    if (silent > settings.sessionTimeoutMs + silenceMs)
      end(new Error(`the consumer gave no sign of life for ${silent} ms`))
  }, 1_000)
  watch.unref()
  void ended.then(() => clearInterval(watch))

  async function run(): Promise<void> {
    await consumer.connect()
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true })
    if (over) return
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        // Whatever is thrown in here ends the consumer, and a TypeError does so for good.
        try {
          commitNow = payload.commitOffsetsIfNecessary
          if (over || !payload.isRunning() || payload.isStale()) return
          if (options.onBatch(payload.batch)) payload.resolveOffset(payload.batch.lastOffset())
        } catch (error) {
          end(error)
        }
      },
    })
  }
  const running = run().catch(end)

  return {
    topics: new Set(options.topics),
    ended,
    async commit(offsets) {
      if (!commitNow) throw new Error('nothing was fetched yet')
      const topics = [...new Set(offsets.map(({ topic }) => topic))].map((topic) => ({
        topic,
        partitions: offsets
          .filter((offset) => offset.topic === topic)
          .map(({ partition, offset }) => ({ partition, offset: String(offset) })),
      }))
      // Not `consumer.commitOffsets`: after the session expired that one crashes the consumer for good, this one only rejects.
      try {
        await commitNow({ topics })
        unknownSince = undefined
      } catch (error) {
        if (factsOf(error).type === 'UNKNOWN_MEMBER_ID') {
          unknownSince ??= Date.now()
          if (Date.now() - unknownSince > rejoinMs) end(error)
        }
        throw error
      }
    },
    pause: (topic, partition) => whileRunning(() => consumer.pause([{ topic, partitions: [partition] }])),
    resume: (topic, partition) => whileRunning(() => consumer.resume([{ topic, partitions: [partition] }])),
    seek: (topic, partition, offset) => whileRunning(() => consumer.seek({ topic, partition, offset: String(offset) })),
    async leave(timeoutMs) {
      over = true
      const done = running.then(() => consumer.disconnect()).catch(() => undefined)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs)
      })
      await Promise.race([done, late])
      clearTimeout(timer)
      end(undefined)
    },
  }
}

/** kafkajs throws if the consumer has stopped meanwhile; its end is reported elsewhere. */
function whileRunning(action: () => void): void {
  try {
    action()
  } catch {
    // Nothing is fetched any more.
  }
}
