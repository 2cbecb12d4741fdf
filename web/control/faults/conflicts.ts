import type { Fault, FaultTarget } from '#contracts/faults/fault.ts'
import { inputProblem } from '../problem/problem.ts'
import type { KeptFault } from './fault-store.ts'

/** What a conflict is decided by. */
export interface Claim {
  type: string
  target: FaultTarget
  /** Done by cutting links. */
  byLinks: boolean
  /** Epoch milliseconds; `endsAt` may be `Infinity`. */
  startAt: number
  endsAt: number
}

/** Throws `fault_conflict` where a fault that stands or is scheduled makes the new one meaningless or the other way round. */
export function refuseConflicts(claim: Claim, others: readonly { fault: Fault; claim: Claim }[]): void {
  for (const { fault, claim: other } of others) {
    if (claim.startAt >= other.endsAt || other.startAt >= claim.endsAt) continue
    const reason = contradiction(claim, other)
    if (reason === undefined) continue
    const when = fault.endsAt === undefined ? 'until it is healed' : `until ${fault.endsAt}`
    const message = `${reason}: ${fault.type} (${fault.id}) is ${fault.state} ${when}; heal it or wait`
    throw inputProblem('fault_conflict', [{ path: '/target', message }])
  }
}

const deadOrStill = new Set(['process.kill', 'process.shutdown', 'process.pause'])
const ofBroker = new Set(['broker.down', 'broker.pause'])

function contradiction(a: Claim, b: Claim): string | undefined {
  if (deadOrStill.has(a.type) && deadOrStill.has(b.type) && sharesProcess(a.target, b.target))
    return 'a process cannot be dead and standing still, or dead twice, at the same time'
  if (ofBroker.has(a.type) && ofBroker.has(b.type))
    return 'the broker cannot be down and paused, or down twice, at the same time'
  if (sharesLink(a, b) && (cuts(a) || cuts(b))) return 'on a link that is cut nothing else can happen'
  return undefined
}

function sharesProcess(a: FaultTarget, b: FaultTarget): boolean {
  if (a.service !== b.service) return false
  return a.instance === undefined || b.instance === undefined || a.instance === b.instance
}

const cuts = ({ type, byLinks }: Claim): boolean => type === 'link.down' || (byLinks && type === 'broker.down')

function sharesLink(a: Claim, b: Claim): boolean {
  const [first, second] = [linkOf(a), linkOf(b)]
  if (first === undefined || second === undefined) return false
  if (first === 'every' || second === 'every')
    return (
      [first, second].some((link) => link === 'every' || link.endsWith('->broker')) &&
      [first, second].every((link) => link === 'every' || link.endsWith('->broker'))
    )
  return first === second
}

const linkOf = ({ type, target, byLinks }: Claim): string | undefined =>
  ofBroker.has(type) && byLinks ? 'every' : target.link

/** What a fault that is kept claims. */
export function claimOf({ fault, byLinks }: KeptFault): Claim {
  const startAt = Date.parse(fault.startAt)
  return {
    ...{ type: fault.type, target: fault.target, byLinks, startAt },
    endsAt: fault.endsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(fault.endsAt),
  }
}
