import type { Logger } from 'pino'
import type { Broker, BrokerSnapshot, Leavings, Wiring } from '#workers/broker/broker.ts'
import type { PartHealth } from '../engines/part-health.ts'

/** Between two looks at the broker, in milliseconds, at least. */
const lookEveryMs = 1_000
/** A look asks for each queue: after one that took long the pause is so many times as long, so that a thousand queues do not keep the broker busy. */
const restFactor = 4
const reasonsMax = 20
/** Of what the broker has lost, in one line of the log. */
const lostNamed = 5

export interface BrokerAdmin {
  /** Makes topics, queues and bindings as wired. Rejects if the broker does not answer or refuses. */
  declare(wiring: Wiring): Promise<void>
  /** As `Broker.drop`, after the declarations that were asked for before. */
  drop(leavings: Leavings): Promise<void>
  health(): PartHealth
  /** Wiring that the broker reported last; none while it does not answer. */
  bindings(): BrokerSnapshot['bindings']
  /** Whether the broker is as wired: true from the first declaration that went through. */
  declared(): boolean
  stop(): Promise<void>
}

/**
 * The control plane's hand on the broker: declares the wiring at start and after every change, looks at it once a
 * second (less often where that takes long), and declares again where the broker came back without it.
 */
export function startBrokerAdmin(options: {
  broker: Broker
  wiring: Wiring
  /** What the broker counts, at every look. */
  onCounts: (counts: BrokerSnapshot) => void
  log: Logger
}): BrokerAdmin {
  const { broker, onCounts, log } = options
  /** Set before it is tried: what did not go through is tried again by the next look. */
  let wanted = options.wiring
  let health: PartHealth = {
    name: 'broker',
    up: false,
    problem: 'the broker does not have all topics and queues of the lab yet',
  }
  let bindings: BrokerSnapshot['bindings'] = []
  let declared = false
  /** Whether it ever answered; until then each new reason is logged once: it comes up, for one, and then refuses the user. */
  let reached = false
  const reported = new Set<string>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let turn: Promise<unknown> = Promise.resolve()

  /** One declaration at a time, so that an older wiring never lands after a newer one. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  const down = (error: unknown): void => {
    const reason = error instanceof Error ? error.message || error.name : String(error)
    if (health.up || (!reached && !reported.has(reason) && reported.size < reasonsMax)) log.warn(reason)
    if (reported.size < reasonsMax) reported.add(reason)
    health = { name: 'broker', up: false, problem: reason }
    bindings = []
  }

  const look = async (): Promise<void> => {
    let startedAt = performance.now()
    const looked = inTurn(async () => {
      // A look that fails may mean a queue that is gone as well as a broker that is away: declaring shows which.
      startedAt = performance.now()
      let snapshot = declared ? await broker.inspect().catch(() => undefined) : undefined
      const lost = snapshot ? missingIn(snapshot, wanted) : []
      if (!snapshot || lost.length > 0) {
        if (snapshot) log.warn(`the broker has lost ${inWords(lost)}; made again`)
        declared = false
        await broker.declare(wanted)
        declared = true
        // Making what is missing happens once: it says nothing of how long a look takes.
        startedAt = performance.now()
        snapshot = await broker.inspect()
      }
      if (!health.up) log.info('the broker answers and is as wired')
      health = { name: 'broker', up: true }
      reached = true
      reported.clear()
      bindings = snapshot.bindings
      onCounts(snapshot)
    })
    const isUp = await looked.then(
      () => true,
      (error: unknown) => {
        down(error)
        return false
      },
    )
    // One that failed asked for little, however long a client tried.
    const restMs = isUp ? Math.max(lookEveryMs, (performance.now() - startedAt) * restFactor) : lookEveryMs
    if (!stopped) timer = setTimeout(look, restMs)
  }
  void look()

  return {
    declare: (next) =>
      inTurn(async () => {
        wanted = next
        declared = false
        await broker.declare(next)
        declared = true
      }),
    drop: (leavings) =>
      inTurn(async () => {
        await broker.drop(leavings)
        // The next look may be long in coming: what was deleted is reported no more from now on.
        bindings = without(bindings, leavings)
      }),
    health: () => health,
    bindings: () => bindings,
    declared: () => declared,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await turn
    },
  }
}

/** Bindings of which neither end was deleted. */
export function without(
  bindings: BrokerSnapshot['bindings'],
  { groups, topics }: Leavings,
): BrokerSnapshot['bindings'] {
  const gone = { groups: new Set(groups), topics: new Set(topics) }
  return bindings.filter(({ topic, group }) => !gone.groups.has(group) && !gone.topics.has(topic))
}

/** What is wired and not there: queues, and topics that are not bound to a queue that has them, `order_placed → payment`. */
export function missingIn({ queues, bindings }: BrokerSnapshot, { groups }: Wiring): string[] {
  const have = new Set(bindings.map(({ topic, group }) => `${topic}\n${group}`))
  const queued = new Set(queues.map(({ group }) => group))
  return groups.flatMap(({ group, topics }) => [
    ...(queued.has(group) ? [] : [`the queue of ${group}`]),
    ...topics.filter((topic) => !have.has(`${topic}\n${group}`)).map((topic) => `${topic} → ${group}`),
  ])
}

/** Of many only the first are named. */
function inWords(lost: readonly string[]): string {
  const named = lost.slice(0, lostNamed).join(', ')
  return lost.length > lostNamed ? `${named} and ${lost.length - lostNamed} more` : named
}
