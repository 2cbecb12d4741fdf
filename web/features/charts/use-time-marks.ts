'use client'
import { useMemo } from 'react'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { faultPlacesOf } from '#web/features/faults/fault-places.ts'
import { topicOf } from '#web/features/faults/use-fault-map.ts'
import { useLive } from '#web/live/live-store.ts'
import { type TimeMarks, timeMarksOf } from './time-marks.ts'

/**
 * Faults, rebalances and notes of the lab for its charts; of one node, those that concern it, and every note. It changes only when they do: how
 * often a fault hit is not a part of it.
 */
export function useTimeMarks(node?: TopologyNode): TimeMarks {
  const text = useLive((live) => {
    const faults = node
      ? live.faults.filter((fault) => faultPlacesOf(fault, live.topology, topicOf).nodes.includes(node.id))
      : live.faults
    const events = node ? live.events.filter(({ kind, group }) => kind === 'note' || group === node.name) : live.events
    return JSON.stringify(timeMarksOf(faults, events))
  })
  return useMemo((): TimeMarks => JSON.parse(text), [text])
}
