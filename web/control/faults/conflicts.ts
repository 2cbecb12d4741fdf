import type { FaultConflict } from '#contracts/faults/define-fault.ts'
import type { Fault, FaultTarget } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import { inputProblem } from '../problem/problem.ts'
import { aimsAtBroker, carrierOf } from './broker-power.ts'
import type { KeptFault } from './fault-store.ts'

/** What one fault occupies; two faults with overlapping claims conflict. */
export interface Claim {
  type: string
  target: FaultTarget
  /** The broker's outage is made by cutting every link to it. */
  byLinks: boolean
  /** Epoch milliseconds; `endsAt` may be `Infinity`. */
  startAt: number
  endsAt: number
}

/** Throws `fault_conflict` where a fault in effect or scheduled makes the new one meaningless or the other way round. */
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

function contradiction(a: Claim, b: Claim): string | undefined {
  const pairs = [
    ...conflictsOf(a).map((conflict) => ({ conflict, other: b })),
    ...conflictsOf(b).map((conflict) => ({ conflict, other: a })),
  ]
  return pairs.find(
    ({ conflict: { on, types }, other }) => (types === 'any' || types.includes(other.type)) && shares[on](a, b),
  )?.conflict.because
}

/** Those of the fault, and of the one that is done to every link in its place. */
function conflictsOf({ type, byLinks }: Claim): readonly FaultConflict[] {
  const instead = byLinks ? carrierOf(type, true)?.as?.type : undefined
  return [type, instead].flatMap((one) => (one === undefined ? [] : (definitionOf(one)?.conflictsWith ?? [])))
}

const shares: Record<FaultConflict['on'], (a: Claim, b: Claim) => boolean> = {
  process: (a, b) => sharesProcess(a.target, b.target),
  link: sharesLink,
  // The lab runs on one.
  broker: () => true,
}

function sharesProcess(a: FaultTarget, b: FaultTarget): boolean {
  if (a.service !== b.service) return false
  return a.instance === undefined || b.instance === undefined || a.instance === b.instance
}

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
  aimsAtBroker({ type }) && byLinks ? 'every' : target.link

export function claimOf({ fault, byLinks }: KeptFault): Claim {
  const startAt = Date.parse(fault.startAt)
  return {
    ...{ type: fault.type, target: fault.target, byLinks, startAt },
    endsAt: fault.endsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(fault.endsAt),
  }
}
