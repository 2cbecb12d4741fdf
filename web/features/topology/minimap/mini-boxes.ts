/** A card or frame on the map. */
export interface MiniBox {
  /** Services that it represents, and their queues. */
  ids: string[]
  x: number
  y: number
  width: number
  height: number
  isFrame: boolean
}

interface Drawn {
  id: string
  type?: string | undefined
  position: { x: number; y: number }
  width?: number | undefined
  height?: number | undefined
}

/** The nodes of a drawing as the map has them. `membersOf`: services of a group; undefined if it is not one. */
export const miniBoxes = <Node extends Drawn>(
  nodes: readonly Node[],
  membersOf: (node: Node) => readonly string[] | undefined,
): MiniBox[] =>
  nodes.map((node) => ({
    ids: (membersOf(node) ?? [node.id]).flatMap((id) => [id, id.replace(/^consumer:/, 'queue:')]),
    ...node.position,
    ...{ width: node.width ?? 0, height: node.height ?? 0, isFrame: node.type === 'frame' },
  }))
