import type { PlacedEdge } from '../edge-geometry.ts'

/** A card that is too small to be read: a mark on a canvas instead of an element. */
export interface DenseMark {
  id: string
  queue: string | undefined
  x: number
  y: number
  width: number
  height: number
}

/** What a drawing has too many of, and too small, to be elements of the page. */
export interface Dense {
  marks: DenseMark[]
  edges: PlacedEdge[]
}

/** Below this zoom a small card has no room for its name and figure. */
const unreadableBelow = 0.5
/** Cards from which a page feels that each is an element. */
const denseFrom = 150

/** Whether so many cards at this zoom are drawn as marks. */
export const isDense = (cards: number, zoom: number): boolean => zoom < unreadableBelow && cards > denseFrom

interface Drawn {
  id: string
  position: { x: number; y: number }
  width?: number | undefined
  height?: number | undefined
}

/**
 * Parts a drawing into what stays an element and what becomes a mark. An edge stays as long as both its ends do.
 * `queueOf`: the queue that is folded into a card; undefined if it is not a card that could be a mark.
 */
export function thinnedOut<Node extends Drawn, Edge extends { source: string; target: string }>(
  nodes: readonly Node[],
  edges: readonly Edge[],
  markOf: (node: Node) => Pick<DenseMark, 'queue'> | undefined,
  placedOf: (edge: Edge) => PlacedEdge | undefined,
): { nodes: Node[]; edges: Edge[]; dense: Dense } {
  const marks: DenseMark[] = []
  const kept = nodes.filter((node) => {
    const mark = markOf(node)
    if (mark === undefined) return true
    const { id, position, width = 0, height = 0 } = node
    marks.push({ id, ...mark, ...position, width, height })
    return false
  })
  const gone = new Set(marks.map(({ id }) => id))
  const isKept = ({ source, target }: Edge): boolean => !gone.has(source) && !gone.has(target)
  return {
    nodes: kept,
    edges: edges.filter(isKept),
    dense: { marks, edges: edges.flatMap((edge) => (isKept(edge) ? [] : (placedOf(edge) ?? []))) },
  }
}

/** The mark at a place of the drawing. */
export const markAt = ({ marks }: Dense, { x, y }: { x: number; y: number }): string | undefined =>
  marks.find((mark) => x >= mark.x && x <= mark.x + mark.width && y >= mark.y && y <= mark.y + mark.height)?.id
