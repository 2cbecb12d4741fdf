import type { FlowView } from '#contracts/api/flow.ts'
import type { Attempt, Journey, Obligation } from '#contracts/api/journey.ts'
import type { EmissionCause } from '#contracts/protocols/telemetry.ts'

/** An event of a flow with what came of it. */
export interface EventNode {
  journey: Journey
  /** One for each service that was owed it. */
  services: ServiceNode[]
  /** Runs that would have sent it once more, and were kept from it. */
  again: { givenId: string; attempt: Attempt; group: string }[]
}

/** What one service did with an event. */
export interface ServiceNode {
  obligation: Obligation
  /** What an attempt sent, by its place in the list of attempts. */
  sent: Map<number, EventNode[]>
  /** What it sent in an attempt that is not known. */
  sentElsewhere: EventNode[]
}

/**
 * From cause to effect: the events that nothing kept caused, each with its services, their attempts, and what those sent. Every
 * kept event is there once, also where causes form a circle.
 */
export function flowTree({ journeys }: Pick<FlowView, 'journeys'>): EventNode[] {
  const nodes = new Map<string, EventNode>(
    journeys.map((journey) => [
      journey.id,
      {
        journey,
        services: journey.obligations.map((obligation) => ({ obligation, sent: new Map(), sentElsewhere: [] })),
        again: [],
      },
    ]),
  )
  const roots: EventNode[] = []
  const parents = new Map<string, string>()
  for (const [id, node] of nodes) {
    const { cause } = node.journey
    const parent = cause && nodes.get(cause.id)
    const service = parent?.services.find(({ obligation }) => obligation.group === cause?.group)
    if (!cause || !service || leadsBack(cause.id, id, parents)) {
      roots.push(node)
      continue
    }
    parents.set(id, cause.id)
    const at = runOf(service.obligation.attempts, cause, Date.parse(node.journey.publish.attemptedAt))
    if (at === -1) service.sentElsewhere.push(node)
    else service.sent.set(at, [...(service.sent.get(at) ?? []), node])
  }
  for (const { journey } of nodes.values()) {
    for (const { group, attempts } of journey.obligations) {
      for (const attempt of attempts) {
        for (const { of, givenId } of attempt.suppressed ?? []) nodes.get(of)?.again.push({ givenId, attempt, group })
      }
    }
  }
  return roots
}

/** Index of the run that published an event at `at`, epoch milliseconds; -1 if none can have. */
function runOf(attempts: readonly Attempt[], cause: EmissionCause, at: number): number {
  const alike = attempts.filter(({ attempt }) => attempt === cause.attempt)
  const exact = alike.filter(({ receiveCount }) => receiveCount === cause.receiveCount)
  const named = exact.length > 0 ? exact : alike
  // Kafka does not count deliveries: what a killed process had is given out again under the same numbers.
  const run = named.findLast(({ startedAt }) => Date.parse(startedAt) <= at) ?? named[0]
  return run ? attempts.indexOf(run) : -1
}

/** Whether `id` is among the causes of `from`. */
function leadsBack(from: string, id: string, parents: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = from; at !== undefined; at = parents.get(at)) if (at === id) return true
  return false
}
