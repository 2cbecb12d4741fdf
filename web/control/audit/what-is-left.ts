import type { Undrained } from '#contracts/api/audit.ts'
import type { UnsettledOn } from '#contracts/api/lab-broker.ts'
import type { BrokerSnapshot } from '#workers/broker/broker.ts'

/** What the control plane itself has begun and not ended. */
export interface UnderWay {
  /** Publishes that wait for an answer. */
  publishes: number
  /** Ids. */
  bursts: readonly string[]
  redrives: readonly string[]
  /** Faults that may hold bytes of a publish back, by id and type: what they hold may still arrive. */
  holding: readonly { id: string; type: string }[]
}

/**
 * What is in the way of an exact comparison, the broker's own word first; nothing where the lab is empty. That telemetry has
 * obligations open while the broker holds nothing is not in the way: to find out is what an audit is for.
 */
export function whatIsLeft(seen: {
  snapshot: BrokerSnapshot | undefined
  /** Why there is no snapshot. */
  reason: string | undefined
  unsettled: UnsettledOn
  underWay: UnderWay
  sources: readonly { service: string; connected: boolean; coveredAt: number | undefined }[]
}): Undrained[] {
  const { snapshot, unsettled, underWay, sources } = seen
  const left: Undrained[] = []
  const say = (what: Undrained['what'], count: number, detail: string, more: Partial<Undrained> = {}): void => {
    if (count > 0) left.push({ what, count, samples: [], detail, ...more })
  }
  if (!snapshot) say('broker', 1, `the broker does not answer: ${seen.reason}`)
  for (const { group, visible, inFlight, delayed } of snapshot?.queues ?? []) {
    const open = unsettled.groups.find((one) => one.group === group)
    const held = `the broker holds ${visible} waiting, ${inFlight} in flight, ${delayed} held back`
    const detail = `${held}; telemetry has ${open?.messages ?? 0} unsettled`
    say('backlog', visible + inFlight + delayed, detail, { group, samples: open?.samples ?? [] })
  }
  const publishes = Math.max(unsettled.publishes, underWay.publishes)
  say('publishes', publishes, `${publishes} publishes are not answered yet`)
  say('bursts', underWay.bursts.length, `publishing goes on: ${underWay.bursts.join(', ')}`)
  say('redrives', underWay.redrives.length, `dead letters are being sent back: ${underWay.redrives.join(', ')}`)
  const away = sources.filter(({ connected }) => !connected).map(({ service }) => service)
  say('telemetry', away.length, `the sidecar of ${away.join(', ')} is away; what it has to report is not known`)
  const unheard = sources.filter(({ connected, coveredAt }) => connected && coveredAt === undefined)
  const who = unheard.map(({ service }) => service).join(', ')
  say('telemetry', unheard.length, `telemetry of ${who} was never heard whole`)
  if (sources.length === 0) say('telemetry', 1, 'no sidecar was ever heard')
  const holding = underWay.holding.map(({ id, type }) => `${type} (${id})`).join(', ')
  say('faults', underWay.holding.length, `what a fault holds back may still arrive: ${holding}`)
  return left
}
