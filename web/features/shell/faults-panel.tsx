'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Select } from '#web/ui/field.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { isOver } from '../faults/fault-words.ts'
import { FaultsTab } from '../faults/faults-tab.tsx'
import type { FaultSpot } from '../faults/inject/fault-offers.ts'
import { useFaultMap } from '../faults/use-fault-map.ts'
import { kindOf } from '../nodes/node-words.ts'

/** Faults of the whole lab, one place at a time: `?where=` a node or link. Without one, where a fault is in effect. */
export function FaultsPanel() {
  const topology = useLive((live) => live.topology)
  const asked = useParam('where')
  const faulty = useFaultMap((map) => [...map.edges.keys(), ...map.nodes.keys()][0])
  const id =
    [asked, faulty].find((one) => [...topology.nodes, ...topology.edges].some((place) => place.id === one)) ??
    topology.nodes.find(({ kind }) => kind === 'consumer')?.id
  const spot = useMemo((): FaultSpot | undefined => {
    const node = topology.nodes.find((one) => one.id === id)
    const edge = topology.edges.find((one) => one.id === id)
    return node ? { node } : edge ? { edge } : undefined
  }, [topology, id])
  const names = new Map(topology.nodes.map((node) => [node.id, `${node.name}, ${kindOf(node)}`]))
  const standing = useLive((live) => live.faults.filter((fault) => !isOver(fault)).length)
  if (spot === undefined || id === undefined) {
    return (
      <Empty icon="bolt" title="Waiting for the lab">
        Faults can be injected as soon as it answers.
      </Empty>
    )
  }
  return (
    <>
      <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <Select
          aria-label="Where"
          boxClass="w-auto min-w-60 max-w-full"
          value={id}
          onChange={(event) =>
            setParams({ where: event.target.value, inject: undefined, scope: undefined }, { replace: true })
          }
        >
          <optgroup label="Nodes">
            {topology.nodes.map((node) => (
              <option key={node.id} value={node.id}>
                {names.get(node.id)}
              </option>
            ))}
          </optgroup>
          <optgroup label="Links">
            {topology.edges.map((edge) => (
              <option key={edge.id} value={edge.id}>
                {names.get(edge.from)} → {names.get(edge.to)}
              </option>
            ))}
          </optgroup>
        </Select>
        <span className="text-fg-3">
          {standing === 0
            ? 'no fault in effect'
            : standing === 1
              ? '1 fault in effect'
              : `${standing} faults in effect`}
        </span>
      </div>
      <div className={panelBody}>
        <FaultsTab key={id} spot={spot} />
      </div>
    </>
  )
}
