import type { EventLogEntry } from '#contracts/api/event-log.ts'
import { nodeId, type Topology } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { faultPatch } from '#web/features/faults/fault-link.ts'
import { edgesOfLink, type TopicOf } from '#web/features/faults/fault-places.ts'
import type { Patch } from '#web/live/url-state.ts'

/** What an entry leads to: its fault where that is still known, else the node or link that it is about; undefined: nothing. */
export function subjectPatch(
  { subject, faultId }: Pick<EventLogEntry, 'subject' | 'faultId'>,
  faults: ReadonlyMap<string, Fault>,
  topology: Topology,
  topicOf: TopicOf,
): Patch | undefined {
  const fault = faultId === undefined ? undefined : faults.get(faultId)
  const toFault = fault && faultPatch(fault, topology, topicOf)
  if (toFault) return toFault
  if (subject === undefined) return undefined
  const select = (what: Patch): Patch => ({
    ...{ node: undefined, edge: undefined, message: undefined, attempt: undefined, tab: undefined, fault: undefined },
    ...what,
  })
  if (subject.includes('->')) {
    const edge = edgesOfLink(subject, topology)[0]?.id
    return edge === undefined ? undefined : select({ edge })
  }
  const node = nodeOf(subject, topology, topicOf)
  return node === undefined ? undefined : select({ node })
}

/** A service, one of its replicas, an event type, or a part: `database`, `mailbox`. */
function nodeOf(subject: string, topology: Topology, topicOf: TopicOf): string | undefined {
  const service = subject.replace(/-\d+$/, '')
  const ids = [
    ...[subject, service].flatMap((name) => [nodeId('producer', name), nodeId('consumer', name)]),
    nodeId('effect', subject),
    nodeId('topic', topicOf(subject)),
  ]
  return ids.find((id) => topology.nodes.some((node) => node.id === id))
}
