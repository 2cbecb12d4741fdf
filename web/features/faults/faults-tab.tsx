'use client'
import { useMemo } from 'react'
import type { Fault } from '#contracts/faults/fault.ts'
import { useLive } from '#web/live/live-store.ts'
import { WhileLive } from '#web/live/while-live.tsx'
import { Section } from '#web/ui/panel.tsx'
import { useEventTypes } from '../event-types/event-types-store.ts'
import { EarlierFaults } from './earlier-faults.tsx'
import { FaultCard } from './fault-card.tsx'
import { faultPlacesOf } from './fault-places.ts'
import { isOver } from './fault-words.ts'
import type { FaultSpot } from './inject/fault-offers.ts'
import { InjectForm } from './inject/inject-form.tsx'
import { topicOf } from './use-fault-map.ts'

/** Faults of a node or link: those in effect, what can be injected here, and former ones. */
export function FaultsTab({ spot }: { spot: FaultSpot }) {
  const faults = useLive((live) => live.faults)
  const isHere = useIsHere(spot)
  const standing = useMemo(() => faults.filter((fault) => !isOver(fault) && isHere(fault)), [faults, isHere])
  return (
    <div className="@container flex flex-1 flex-col">
      <div className="flex flex-1 flex-col @min-[640px]:has-[>:nth-child(2)]:grid @min-[640px]:has-[>:nth-child(2)]:grid-cols-[2fr_3fr] @min-[640px]:has-[>:nth-child(2)]:content-start">
        {standing.length === 0 ? null : (
          <Section
            title={standing.every(({ state }) => state === 'scheduled') ? 'Scheduled' : 'Active'}
            className="content-start"
          >
            <ul className="grid gap-2" aria-label="Faults here">
              {standing.map((fault) => (
                <li key={fault.id}>
                  <WhileLive>
                    <FaultCard fault={fault} />
                  </WhileLive>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <WhileLive>
          <InjectForm spot={spot} earlier={<EarlierFaults isHere={isHere} />} />
        </WhileLive>
      </div>
    </div>
  )
}

/** Whether a fault is drawn at the spot. */
function useIsHere(spot: FaultSpot): (fault: Fault) => boolean {
  const topology = useLive((live) => live.topology)
  const types = useEventTypes().items
  const id = 'node' in spot ? spot.node.id : spot.edge.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: topicOf reads the event types
  return useMemo(() => {
    return (fault) => {
      const { nodes, edges } = faultPlacesOf(fault, topology, topicOf)
      return nodes.includes(id) || edges.includes(id)
    }
  }, [topology, types, id])
}
