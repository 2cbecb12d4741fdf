import { expect, test } from 'vitest'
import { edgeId, retryTopicNodeOf, type Topology, type TopologyNode } from '#contracts/api/topology.ts'
import { cardWords, tileWords } from './card-words.ts'
import { shortName } from './node-words.ts'
import { carriedBy, figuresOf, foldRetries, foldsOf, sparkOf } from './retry-nodes.ts'

const group = 'consumer-email'
const retry = (level: number, delayMs: number): TopologyNode => ({
  ...{ id: retryTopicNodeOf(group, level), kind: 'retry_topic', name: `${group}.retry.${level}`, state: 'up' },
  retry: { group, level, delayMs },
})
const consumer: TopologyNode = { id: `consumer:${group}`, kind: 'consumer', name: group, state: 'up' }
const edge = (from: string, to: string) => ({ id: edgeId(from, to), from, to, declared: true, observed: false })
const levels = [retry(2, 400), retry(1, 200), retry(3, 800)]
const topology: Topology = {
  nodes: [consumer, ...levels],
  edges: [
    edge(`queue:${group}`, consumer.id),
    ...levels.flatMap(({ id }) => [edge(consumer.id, id), edge(id, consumer.id)]),
  ],
}

test('retry topics of a group fold into the first of them, links included', () => {
  const folded = foldRetries(topology)
  expect(folded.nodes.map(({ id }) => id)).toEqual([consumer.id, retryTopicNodeOf(group, 1)])
  const [, one] = folded.nodes
  expect(one && foldsOf(one)).toEqual([1, 2, 3].map((level) => retryTopicNodeOf(group, level)))
  expect(one?.retry?.delayMs).toBe(800)
  expect(one && shortName(one)).toBe('email.retry 1–3')
  expect(folded.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
    `queue:${group} ${consumer.id}`,
    `${consumer.id} ${retryTopicNodeOf(group, 1)}`,
    `${retryTopicNodeOf(group, 1)} ${consumer.id}`,
  ])
  expect(folded.edges.map((link) => carriedBy(link)?.length)).toEqual([undefined, 3, 3])
  const without = { nodes: [consumer], edges: [] }
  expect(foldRetries(without)).toBe(without)
})

test('a folded node names the levels that are there', () => {
  const nameOf = (...nodes: TopologyNode[]) =>
    foldRetries({ nodes: [consumer, ...nodes], edges: [] }).nodes.flatMap((node) =>
      node.kind === 'retry_topic' ? [shortName(node)] : [],
    )
  expect(nameOf(retry(3, 800), retry(1, 200))).toEqual(['email.retry 1, 3'])
  expect(nameOf(retry(3, 800), retry(2, 400))).toEqual(['email.retry 2–3'])
  expect(nameOf(retry(2, 400))).toEqual(['email.retry'])
})

test('a folded node has the figures of all, and says how many wait and since when', () => {
  const [, one] = foldRetries(topology).nodes
  if (!one) throw new Error('no retry topic')
  const figures = Object.fromEntries(
    levels.map(({ id }, at) => [
      id,
      { ratePerSecond: 2, total: 5, depth: at, ...(at > 0 ? { oldestAgeMs: at * 9_900 } : {}) },
    ]),
  )
  expect(figuresOf(one, figures)).toEqual({ ratePerSecond: 6, total: 15, depth: 3, oldestAgeMs: 19_800 })
  expect(figuresOf(one, {})).toBeUndefined()
  expect(cardWords(one, figuresOf(one, figures), { in: 1, out: 1 })).toMatchObject({
    ...{ value: '3', unit: ' wait', fact: 'oldest 19.8 s', aside: 'up to 800 ms', tone: 'retrying' },
  })
  expect(cardWords(one, undefined, { in: 1, out: 1 })).toMatchObject({ value: '0', fact: 'up to 800 ms', slots: 0 })
  expect(tileWords(one, figuresOf(one, figures))).toBe('3 wait')
  const lines = { [retryTopicNodeOf(group, 1)]: [1, 2, 3], [retryTopicNodeOf(group, 3)]: [10] }
  expect(sparkOf(one, lines)).toEqual([1, 2, 13])
})

test('the first retry topic of a group that blocks is passed by redrives alone', () => {
  const { delayMs: _, ...own } = retry(1, 0).retry ?? { group, level: 1 }
  expect(cardWords({ ...retry(1, 0), retry: own }, undefined, { in: 1, out: 1 }).fact).toBe('redrives')
})
