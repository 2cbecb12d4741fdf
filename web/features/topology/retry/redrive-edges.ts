import { edgeId, type TopologyNode } from '#contracts/api/topology.ts'
import { type Curve, edgeAlong } from '../edge-geometry.ts'
import type { FlowEdgeData } from '../flow-edge.tsx'
import type { Trace } from '../trace-model.ts'

/** A card as it is drawn. */
interface Drawn {
  id: string
  position: { x: number; y: number }
  width?: number
  height?: number
}

type Place = Record<'x' | 'y' | 'width' | 'height', number>

/** A way back sags so far below the lower of its ends, in pixels. */
const sag = 40

/**
 * The ways from dead letters back to where a redrive sent the followed message: they are no links of the wiring, so they are
 * drawn for this message alone and cannot be chosen. `tileScale` as in `placeEdges`.
 */
export function redriveEdges(
  trace: Trace | undefined,
  cards: readonly Drawn[],
  nodes: readonly TopologyNode[],
  tileScale: number | undefined,
): FlowEdgeData[] {
  const scale = tileScale ?? 1
  return (trace?.redrives ?? []).flatMap((one): FlowEdgeData[] => {
    const [from, to] = [placeOf(cards, one.from), placeOf(cards, one.to)]
    const [source, target] = [one.from, one.to].map((id) => nodes.find((node) => node.id === id))
    if (!from || !to || !source || !target) return []
    const id = edgeId(one.from, one.to)
    const curve = wayBack(from, to, tileScale)
    const placed = {
      ...edgeAlong({ id, ...one, declared: true, observed: true }, [curve], scale),
      labelRoom: tileScale === undefined ? Math.max(0, curve[0].x - curve[3].x) : 0,
    }
    return [
      {
        ...{ id, type: 'flow', source: source.id, target: target.id, selectable: false, focusable: false },
        data: { placed, source, target, sourceEdges: 1, scale },
        ariaLabel: `Redriven from ${source.name} to ${target.name}`,
        ariaRole: 'img',
      },
    ]
  })
}

/** From the left foot of a card down and back to the right foot of another. */
function wayBack(from: Place, to: Place, tileScale: number | undefined): Curve {
  const half = tileScale === undefined ? undefined : 18 / tileScale
  const footOf = (place: Place): number => (half === undefined ? place.y + place.height * 0.8 : place.y + half * 1.6)
  const start = { x: half === undefined ? from.x : from.x + from.width / 2 - half, y: footOf(from) }
  const end = { x: half === undefined ? to.x + to.width : to.x + to.width / 2 + half, y: footOf(to) }
  const lowest = Math.max(start.y, end.y) + sag / (tileScale ?? 1)
  const reach = (start.x - end.x) * 0.3
  return [start, { x: start.x - reach, y: lowest }, { x: end.x + reach, y: lowest }, end]
}

function placeOf(cards: readonly Drawn[], id: string): Place | undefined {
  const card = cards.find((one) => one.id === id)
  return card && { ...card.position, width: card.width ?? 0, height: card.height ?? 0 }
}
