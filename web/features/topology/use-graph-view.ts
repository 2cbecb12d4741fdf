'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { useParam } from '#web/live/url-state.ts'
import { useFlow } from '../flows/flow-queries.ts'
import { useMessageRedrives } from '../nodes/message-redrives.ts'
import type { DraftMarks } from './draft-topology.ts'
import { parseFind } from './find/find-nodes.ts'
import { flowTrace } from './flow-trace.ts'
import type { GraphView } from './graph-context.ts'
import { litAround } from './lit-path.ts'
import { traceOf } from './trace-model.ts'

/** What is selected, lit, traced and found. */
export function useGraphViewOf(
  quiet: boolean,
  tiles: boolean,
  { tileFigures, tileNames }: Pick<GraphView, 'tileFigures' | 'tileNames'>,
  draft: DraftMarks | undefined,
): GraphView {
  const topology = useLive((live) => live.topology)
  const node = useParam('node')
  const edge = useParam('edge')
  const message = useParam('message')
  const journey = useLive((live) => live.message)
  const redrives = useMessageRedrives(journey?.id === message ? journey : undefined)
  const flowId = useParam('flow')
  const flow = useFlow(flowId).data
  const find = useParam('find') ?? ''
  const hit = useParam('hit')
  const test = useMemo(() => parseFind(find), [find])
  const foundIds = useLive((live) =>
    test === undefined
      ? undefined
      : live.topology.nodes
          .filter((one) => test(one, live.nodes[one.id]))
          .map((one) => one.id)
          .join('\n'),
  )
  return useMemo(() => {
    const followed = flow === undefined || flow.id !== flowId ? undefined : flowTrace(flow, topology)
    const trace =
      message === undefined ? followed : journey?.id === message ? traceOf(journey, topology, redrives) : undefined
    return {
      selected: node ?? edge ?? (find === '' ? undefined : hit),
      lit: litAround(topology, { node, edge }),
      trace,
      quiet,
      tiles,
      tileFigures,
      tileNames,
      draft,
      found: foundIds === undefined ? undefined : new Set(foundIds.split('\n')),
    }
  }, [
    topology,
    node,
    edge,
    hit,
    find,
    message,
    journey,
    redrives,
    flow,
    flowId,
    quiet,
    tiles,
    tileFigures,
    tileNames,
    draft,
    foundIds,
  ])
}
