'use client'
import { useShallow } from 'zustand/react/shallow'
import type { Topology } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { useLive } from '#web/live/live-store.ts'
import { knownEventTypes } from '../event-types/event-types-store.ts'
import { type FaultMap, faultMap, type TopicOf } from './fault-places.ts'

/** Topic of an event type as far as the catalogue was fetched; till then its own name, which it has unless it was given another. */
export const topicOf: TopicOf = (eventType) =>
  knownEventTypes().find(({ name }) => name === eventType)?.topic ?? eventType

let made: { faults: Fault[]; topology: Topology; map: FaultMap } | undefined

/** One map for all who ask, made again only when faults or graph changed. */
export function mapOf({ faults, topology }: { faults: Fault[]; topology: Topology }): FaultMap {
  if (made?.faults !== faults || made.topology !== topology)
    made = { faults, topology, map: faultMap(faults, topology, topicOf) }
  return made.map
}

/** A slice of the faults on the graph, compared field by field. */
export const useFaultMap = <T>(select: (map: FaultMap) => T): T => useLive(useShallow((live) => select(mapOf(live))))
