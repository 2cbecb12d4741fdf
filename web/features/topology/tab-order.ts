import type { KeyboardEvent } from 'react'

/**
 * The keyboard meets the nodes of the graph first and its links after them. React Flow draws links below the nodes and so
 * before them in the document: they are out of the order of the document, and Tab leads from the last node to the first
 * link, from link to link, and on.
 */
export function tabOn(event: KeyboardEvent<HTMLElement>, graph: HTMLElement | null): void {
  const here =
    event.target instanceof Element
      ? event.target.closest<HTMLElement | SVGElement>('.react-flow__node, .react-flow__edge')
      : null
  if (!here || !graph) return
  const nodes = all(graph, '.react-flow__node')
  // A redrive is drawn and cannot be chosen.
  const links = all(graph, '.react-flow__edge:not([role="img"])')
  const order = [...nodes, ...links]
  const at = order.indexOf(here)
  if (at < 0 || links.length === 0) return
  if (!event.shiftKey && at === order.length - 1) {
    // What the browser does then leads from the last node out of the graph.
    nodes.at(-1)?.focus()
    return
  }
  const next = order[at + (event.shiftKey ? -1 : 1)]
  if (!next) return
  event.preventDefault()
  next.focus()
}

const all = (graph: HTMLElement, selector: string): (HTMLElement | SVGElement)[] => [
  ...graph.querySelectorAll<HTMLElement | SVGElement>(selector),
]
