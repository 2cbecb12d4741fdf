import type { Kafka } from 'kafkajs'
import type {
  Confirmation,
  DeliveryHandler,
  GroupAssignment,
  RunningSubscription,
  SubscribeOptions,
} from '../../../broker.ts'
import { accessAdvice } from '../access-advice.ts'
import { type Bindings, readBindings, readMarks } from '../cluster/bindings.ts'
import type { ClusterClient } from '../cluster/cluster.ts'
import { errorInfoOf, factsOf } from '../kafka-error.ts'
import { bindingsGroupOf, groupsAmong, parseRetryTopic } from '../names.ts'
import type { KafkaSettings } from '../options.ts'
import type { RecordCopy } from '../produce/copies.ts'
import { createCommits } from './commits.ts'
import { joinGroup, type MemberConnection } from './group-member.ts'
import { createHandling } from './handling.ts'
import { createIntake } from './intake.ts'
import type { FetchedRecord } from './partition-log.ts'
import type { Holding } from './sticky-assigner.ts'

export interface SubscriptionDeps {
  kafka: Kafka
  cluster: ClusterClient
  settings: KafkaSettings
  /** Stores a copy until it is stored or not wanted any more. */
  store: (copy: RecordCopy, wanted: () => boolean) => Promise<boolean>
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

export interface KafkaSubscription extends RunningSubscription {
  /** Resolves when the broker has answered, or was found not to. */
  readonly contacted: Promise<void>
  /** Ends it as a crash would: nothing is settled any more. */
  abandon(): Promise<void>
}

const leaveMs = 3_000
const commitMs = 2_000
/** Copies that are on the way when the grace time is over. */
const copyMs = 1_500

/** The group has no dead-letter topic: nobody has declared it. */
class NotDeclared extends Error {
  override readonly name = 'NotDeclared'
}

/**
 * RUNNING → DRAINING → CLOSED. RUNNING: looks once a second at what the group is bound to, is a member of the group while that is
 * something, and becomes one again when its membership ended or a topic came that it does not read. DRAINING: takes no more, waits for
 * handlers, commits what is settled. CLOSED: has left the group; what was still in flight is others' now.
 */
export function startSubscription(
  deps: SubscriptionDeps,
  group: string,
  handle: DeliveryHandler,
  options: SubscribeOptions,
): KafkaSubscription {
  const { kafka, cluster, settings, sleep } = deps
  const { now } = settings
  const concurrency = options.concurrency ?? 4
  const batchSize = options.batchSize ?? 10
  const looking = new AbortController()
  let member: MemberConnection | undefined
  let memberId: string | undefined
  let joined: Omit<GroupAssignment, 'generation'> | undefined
  let generation = 0
  let seen: { bindings: Bindings; readAt: number } = { bindings: new Map(), readAt: Number.NEGATIVE_INFINITY }
  /** Of every topic ever seen: one that is away comes back with another. */
  const marks = new Map<string, string>()
  let reachable: boolean | undefined
  /** The trouble that was reported last, by what can be done about it. */
  let lastAdvice: string | undefined
  let contact: () => void = () => undefined
  const contacted = new Promise<void>((resolve) => {
    contact = resolve
  })

  const intake = createIntake({
    ...{ group, now, bindings: () => seen, member: () => member },
    room: Math.max(200, 2 * concurrency * batchSize),
    withheldMs: settings.withheldMs,
    look: () => void look().catch(() => undefined),
    onReady: () => handling.pump(),
    onSkipped: () => commits.request(),
  })
  const commits = createCommits({
    ...{ now, member: () => member, logs: intake.logs },
    onConfirmed: (taken) => tellSettled(taken, true),
    onFenced: (taken) => tellSettled(taken, 'fenced'),
  })
  const handling = createHandling({
    ...{ handle, concurrency, batchSize, intake, now, store: deps.store, retryTopics: settings.retryTopics },
    onSettled: options.onSettled,
    onProgress() {
      commits.request()
      intake.refill()
      handling.pump()
    },
  })

  function tellSettled(taken: FetchedRecord[], answer: Confirmation): void {
    const settledNow = taken.flatMap(({ delivery, settlement }) => (settlement ? [{ delivery, settlement }] : []))
    options.onSettled?.(
      settledNow.map(({ delivery }) => delivery),
      settledNow.map(({ settlement }) => settlement),
      settledNow.map(() => answer),
    )
    intake.refill()
  }

  let reading: Promise<void> | undefined
  /** Reads what the group is bound to. A reading that began before does not count as one that begins now. */
  async function look(): Promise<void> {
    while (reading) await reading
    const readAt = now()
    reading = cluster
      .committed(bindingsGroupOf(group))
      .then((committed) => {
        seen = { bindings: readBindings(committed), readAt }
        for (const [topic, mark] of readMarks(committed)) {
          if ((marks.get(topic) ?? mark) !== mark) intake.restart(topic)
          marks.set(topic, mark)
        }
      })
      .finally(() => {
        reading = undefined
      })
    await reading
    intake.decide()
  }

  /** Topics that the group is owed something of, and its retry topics, as far as they exist. */
  async function wantedTopics(): Promise<string[]> {
    const owed = [...seen.bindings].filter(([, partitions]) => [...partitions.values()].some((spans) => spans.size > 0))
    const wanted = owed.map(([topic]) => topic)
    if (member && wanted.every((topic) => member?.topics.has(topic))) return wanted
    const standing = await cluster.topics()
    if (!groupsAmong(standing.keys()).includes(group)) throw new NotDeclared()
    // Also those of topics that it gave up: what waits in them is owed, and a redrive goes there.
    const retries = [...standing.keys()].filter((topic) => parseRetryTopic(topic)?.group === group)
    return [...wanted.filter((topic) => standing.has(topic)), ...retries]
  }

  function holding(): Holding {
    const owned: Holding['owned'] = {}
    const busy: Holding['busy'] = {}
    for (const log of intake.logs()) {
      const list = log.taken.length > 0 ? busy : owned
      list[log.topic] = [...(list[log.topic] ?? []), log.partition]
    }
    return { owned, busy }
  }

  async function becomeMember(topics: readonly string[]): Promise<void> {
    if (member) await release(member)
    if (looking.signal.aborted) return
    let first: () => void = () => undefined
    const firstJoin = new Promise<void>((resolve) => {
      first = resolve
    })
    const next = joinGroup({
      ...{ kafka, group, topics, settings, holding },
      onBatch: (batch) => intake.take(batch),
      onJoined(id, assignment) {
        const fresh = id !== memberId
        intake.assign(assignment, fresh)
        memberId = id
        const partitions = Object.entries(assignment).map(([topic, list]) => ({ topic, partitions: [...list] }))
        // An assignment that was over before it was reported gives a reader nothing to compare with.
        const isFirst = fresh || joined?.reason === 'joined'
        joined = { at: now(), memberId: id, partitions, reason: isFirst ? 'joined' : 'rebalanced' }
        handling.assigned()
        handling.hold(false)
        commits.request()
        first()
      },
      onRebalancing() {
        // The commit leaves before the request to join: what is settled now is not handed out again.
        handling.hold(true)
        commits.request()
      },
      onGeneration(number) {
        generation = number
        if (joined) options.onAssigned?.({ ...joined, generation })
        joined = undefined
        // kafkajs prepares to join again also when the coordinator is lost for a moment, and where the join fails and the coordinator is
        // back, it goes on as the member that it was: no assignment comes then.
        handling.hold(false)
      },
    })
    member = next
    const failure = await Promise.race([
      firstJoin.then(() => undefined),
      next.ended.then((reason) => ({ reason: reason ?? new Error('it left the group') })),
    ])
    if (failure) throw failure.reason
  }

  async function release(leaving: MemberConnection): Promise<void> {
    await leaving.leave(leaveMs)
    if (member === leaving) member = undefined
    dropPartitions('left')
  }

  function dropPartitions(reason: 'left' | 'lost'): void {
    intake.assign({}, true)
    handling.hold(false)
    if (memberId !== undefined) options.onAssigned?.({ at: now(), memberId, generation, partitions: [], reason })
    memberId = undefined
    joined = undefined
  }

  function failed(error: unknown): void {
    const advice = accessAdvice(factsOf(error))
    // Once per trouble; a broker that comes up and then refuses the user is another one than a broker that is away.
    if (reachable !== false || (advice !== undefined && advice !== lastAdvice)) {
      options.onTrouble?.(troubleOf(group, error, settings))
      lastAdvice = advice
    }
    reachable = false
    contact()
  }

  async function run(): Promise<void> {
    while (!looking.signal.aborted) {
      try {
        await look()
        intake.rereadWithheld()
        const topics = await wantedTopics()
        if (topics.some((topic) => !member?.topics.has(topic))) await becomeMember(topics)
        if (reachable !== true && !looking.signal.aborted) options.onTrouble?.(undefined)
        reachable = true
        contact()
      } catch (error) {
        if (!looking.signal.aborted) failed(error)
      }
      const current = member
      const pause = sleep(settings.lookEveryMs, looking.signal)
      const end = await Promise.race([pause.then(() => undefined), ...(current ? [current.ended.then(reasonOf)] : [])])
      if (end && member === current && !looking.signal.aborted) {
        member = undefined
        dropPartitions('lost')
        failed(end.reason)
        await current?.leave(leaveMs)
        await pause
      }
    }
  }
  const running = run()

  async function close(): Promise<void> {
    intake.stop()
    commits.stop()
    if (member) await release(member)
    await running
  }

  return {
    contacted,
    inHand: handling.inHand,
    async stop(graceMs) {
      const deadline = now() + graceMs
      looking.abort()
      handling.drain()
      intake.stop()
      while (handling.running() > 0 && now() < deadline) await sleep(Math.min(10, Math.max(1, deadline - now())))
      const last = now() + copyMs
      while (handling.storing() > 0 && now() < last) await sleep(10)
      handling.abandon()
      await commits.flush(commitMs)
      await close()
      contact()
    },
    async abandon() {
      looking.abort()
      handling.abandon()
      contact()
      await close()
    },
  }
}

const reasonOf = (reason: unknown) => ({ reason: reason ?? new Error('it left the group') })

function troubleOf(group: string, error: unknown, settings: KafkaSettings): string {
  if (error instanceof NotDeclared)
    return `The group ${group} does not exist yet. The control plane makes it when it starts.`
  const { type, message } = errorInfoOf(error)
  if (type === 'InvalidSessionTimeout')
    return (
      `The broker refuses the session timeout of ${group}, ${settings.sessionTimeoutMs} ms: it must lie between the broker's ` +
      'group.min.session.timeout.ms and group.max.session.timeout.ms. Trying again until it does.'
    )
  return `The group ${group} cannot read from Kafka (${type}: ${message}). Trying again until it can.`
}
