import type { UnsettledOn } from '#contracts/api/lab-broker.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { BrokerSnapshot } from '#workers/broker/broker.ts'
import { Cancelled } from './cancelled.ts'

/** Messages of each queue: waiting, in flight or held back. */
export type Depths = readonly { group: string; depth: number }[]

export interface DrainPorts {
  from: BrokerName
  /** Ends what would go on making messages: bursts and redrives. */
  stopSources: () => Promise<void>
  /** Publishes without an answer and bursts without an end, as web knows of them. */
  underWay: () => { publishes: number; bursts: number }
  /** What the ledger has open on `from`. */
  unsettled: () => UnsettledOn
  /** What `from` held at the last look; undefined while it does not answer. */
  depths: () => Depths | undefined
  inspect: () => Promise<BrokerSnapshot>
  /** Whether a user said that what is left shall be left behind. */
  abandoned: () => boolean
  cancelled: () => boolean
  /** Resolves when it is time to look again. */
  pause: () => Promise<void>
  now: () => number
  /** Milliseconds without getting less after which it is stuck, and after which it gives up. */
  times: { stall: number; decide: number }
  onLeft: (left: UnsettledOn, detail: string) => void
  onStuck: (stuck: boolean) => void
}

/**
 * Resolves when nothing is left by the word of both ledger and broker; with what is left where a user abandons it.
 * Telemetry may come later than the broker's answer and the other way round: only together they know. Rejects with
 * `Cancelled`.
 */
export async function drain(ports: DrainPorts): Promise<UnsettledOn | undefined> {
  const { from, now, times } = ports
  await ports.stopSources()
  let least = Number.POSITIVE_INFINITY
  let lessAt = now()
  for (;;) {
    if (ports.cancelled()) throw new Cancelled()
    const { publishes, bursts } = ports.underWay()
    const unsettled = ports.unsettled()
    const owed = unsettled.groups.reduce((sum, { messages }) => sum + messages, 0)
    const open = Math.max(publishes, unsettled.publishes)
    const known = owed + open + bursts
    // Asked only if it alone decides.
    const depths = known > 0 ? ports.depths() : await ports.inspect().then(depthsOf, () => undefined)
    const held = depths?.reduce((sum, { depth }) => sum + depth, 0)
    const left = withDepths(unsettled, depths)
    if (known === 0 && held === 0) return undefined
    if (ports.abandoned() && publishes + bursts === 0) return left
    ports.onLeft(left, waitWords(from, { owed, open, bursts }, held))
    if (known + (held ?? 0) < least) {
      least = known + (held ?? 0)
      lessAt = now()
    }
    ports.onStuck(now() - lessAt >= times.stall)
    if (now() - lessAt >= times.decide)
      throw new Cancelled(`nobody said within ${times.decide / 60_000} minutes what becomes of what is left on ${from}`)
    await ports.pause()
  }
}

export const depthsOf = ({ queues }: Pick<BrokerSnapshot, 'queues'>): Depths =>
  queues.map(({ group, visible, inFlight, delayed }) => ({ group, depth: visible + inFlight + delayed }))

/** The ledger's count of each group beside the broker's own. */
function withDepths(left: UnsettledOn, depths: Depths | undefined): UnsettledOn {
  if (!depths) return left
  const known = new Set(left.groups.map(({ group }) => group))
  const of = new Map(depths.map(({ group, depth }) => [group, depth]))
  const unknown = depths.filter(({ group, depth }) => depth > 0 && !known.has(group))
  return {
    ...left,
    groups: [
      ...left.groups.map((entry) => ({ ...entry, inBroker: of.get(entry.group) ?? null })),
      ...unknown.map(({ group, depth }) => ({ group, messages: 0, inBroker: depth, samples: [] })),
    ],
  }
}

function waitWords(
  from: BrokerName,
  { owed, open, bursts }: { owed: number; open: number; bursts: number },
  held: number | undefined,
): string {
  const parts = [
    ...(bursts > 0 ? [`${some(bursts, 'burst')} to end`] : []),
    ...(open > 0 ? [`${some(open, 'publish', 'es')} to be answered`] : []),
    ...(owed > 0 ? [`${some(owed, 'obligation')} to be settled`] : []),
  ]
  if (parts.length > 0) return `waits for ${parts.join(', ')}`
  return held === undefined
    ? `the ledger has nothing open, but ${from} does not answer and cannot be asked whether it has`
    : `the ledger has nothing open; ${from} still holds messages that it does not know of`
}

const some = (count: number, what: string, plural = 's'): string => `${count} ${what}${count === 1 ? '' : plural}`
