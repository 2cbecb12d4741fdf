import { type Assigner, AssignerProtocol, type Cluster, type PartitionAssigner } from 'kafkajs'
import { sleep } from '../../../sleep.ts'

/** What a member has when it joins: partitions by topic, and among them those with messages in flight. */
export interface Holding {
  owned: Record<string, number[]>
  busy: Record<string, number[]>
}

interface Member {
  memberId: string
  topics: string[]
  holding: Holding
  load: number
  given: Map<string, number[]>
}

/**
 * Shares partitions evenly and moves as few as that takes; of those a member must give up, ones with messages in flight come last, since
 * whoever gets them has these messages delivered again.
 */
export function stickyAssigner(holding: () => Holding): PartitionAssigner {
  return ({ cluster }): Assigner => ({
    name: 'faultline-sticky',
    version: 1,
    protocol: ({ topics }) => ({
      name: 'faultline-sticky',
      metadata: AssignerProtocol.MemberMetadata.encode({
        ...{ version: 1, topics, userData: Buffer.from(JSON.stringify(holding())) },
      }),
    }),
    async assign({ members, topics }) {
      await knowPartitions(cluster, topics)
      const partitionsOf = new Map(
        topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
      )
      const decoded = members.map(({ memberId, memberMetadata }) => {
        const decodedMember = AssignerProtocol.MemberMetadata.decode(memberMetadata)
        return {
          ...{ memberId, topics: decodedMember?.topics ?? [], holding: readHolding(decodedMember?.userData) },
        }
      })
      return [...share(decoded, partitionsOf)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          ...{ version: 1, assignment: Object.fromEntries(assignment), userData: Buffer.alloc(0) },
        }),
      }))
    },
  })
}

const metadataTries = 20
const metadataRetryMs = 50

/**
 * Of a topic that was just made, the broker that is asked may not know yet. Shared out without its partitions, it would be read by
 * nobody until the group is assigned again. A topic that is gone is given up after a second.
 */
async function knowPartitions(cluster: Cluster, topics: readonly string[]): Promise<void> {
  for (let tries = 0; tries < metadataTries; tries += 1) {
    const unknown = topics.filter((topic) => cluster.findTopicPartitionMetadata(topic).length === 0)
    if (unknown.length === 0) return
    if (tries > 0) await sleep(metadataRetryMs)
    // What cannot be asked now is asked again; the broker's being away ends the membership by itself.
    await Promise.all(unknown.map((topic) => cluster.addTargetTopic(topic).catch(() => undefined)))
    await cluster.refreshMetadata().catch(() => undefined)
  }
}

/** Partitions by topic for each member. */
export function share(
  joined: readonly Pick<Member, 'memberId' | 'topics' | 'holding'>[],
  partitionsOf: ReadonlyMap<string, readonly number[]>,
): Map<string, Map<string, number[]>> {
  const members: Member[] = joined
    .map((member) => ({ ...member, load: 0, given: new Map<string, number[]>() }))
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const give = (member: Member, topic: string, partition: number): void => {
    const list = member.given.get(topic)
    if (list) list.push(partition)
    else member.given.set(topic, [partition])
    member.load += 1
  }
  for (const [topic, partitions] of [...partitionsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const takers = members.filter((member) => member.topics.includes(topic))
    if (takers.length === 0) continue
    const least = Math.floor(partitions.length / takers.length)
    /** So many members get one more than the others: those that hold more already. */
    let extras = partitions.length % takers.length
    const free = new Set(partitions)
    const holders = takers
      .map((member) => ({ member, wants: wanted(member.holding, topic).filter((partition) => free.has(partition)) }))
      .sort((a, b) => b.wants.length - a.wants.length || a.member.load - b.member.load)
    const room = new Map<Member, number>()
    for (const { member, wants } of holders) {
      const claim = wants.filter((partition) => free.has(partition))
      const quota = claim.length > least && extras > 0 ? least + 1 : least
      if (quota > least) extras -= 1
      for (const partition of claim.slice(0, quota)) {
        free.delete(partition)
        give(member, topic, partition)
      }
      room.set(member, quota - Math.min(quota, claim.length))
    }
    for (const partition of free) {
      const byLoad = [...takers].sort((a, b) => a.load - b.load)
      const next = byLoad.find((member) => (room.get(member) ?? 0) > 0) ?? byLoad[0]
      if (!next) continue
      room.set(next, (room.get(next) ?? 0) - 1)
      give(next, topic, partition)
    }
  }
  return new Map(members.map(({ memberId, given }) => [memberId, given]))
}

/** What a member would keep, most wanted first. */
function wanted({ owned, busy }: Holding, topic: string): number[] {
  const held = busy[topic] ?? []
  return [...new Set([...held, ...(owned[topic] ?? [])])]
}

function readHolding(data: Buffer | undefined): Holding {
  try {
    const { owned = {}, busy = {} } = JSON.parse(data?.toString() ?? '{}') as Partial<Holding>
    return { owned, busy }
  } catch {
    return { owned: {}, busy: {} }
  }
}
