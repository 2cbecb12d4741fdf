/** One thing leads to another; both are ids. */
export interface GraphLink {
  from: string
  to: string
}

/** Columns of a graph from left to right. */
export interface Ranks<Way extends GraphLink = GraphLink> {
  /** By id, from 0. */
  rank: Map<string, number>
  /** Longest way from here to an end, in links. */
  remaining: Map<string, number>
  /** Links that lead back: without them there is no circle. */
  back: Set<Way>
}

/**
 * Ranks by longest path: everything is to the right of all that leads to it. A circle is opened at the link that closes it on
 * the way from the first of its members. `least`: the rank that a thing has at least. Time and room: nodes plus links.
 */
export function ranksOf<Way extends GraphLink>(
  ids: readonly string[],
  links: readonly Way[],
  least: (id: string) => number = () => 0,
): Ranks<Way> {
  const out = new Map<string, Way[]>(ids.map((id) => [id, []]))
  const led = new Set<string>()
  for (const link of links) {
    out.get(link.from)?.push(link)
    if (link.from !== link.to) led.add(link.to)
  }
  const { back, order } = walk([...ids.filter((id) => !led.has(id)), ...ids], out)
  const rank = new Map(ids.map((id) => [id, least(id)]))
  for (const id of order) {
    const next = (rank.get(id) ?? 0) + 1
    for (const link of out.get(id) ?? []) {
      if (!back.has(link) && next > (rank.get(link.to) ?? 0)) rank.set(link.to, next)
    }
  }
  const remaining = new Map<string, number>()
  for (const id of [...order].reverse()) {
    let longest = 0
    for (const link of out.get(id) ?? []) {
      if (!back.has(link)) longest = Math.max(longest, 1 + (remaining.get(link.to) ?? 0))
    }
    remaining.set(id, longest)
  }
  return { rank, remaining, back }
}

/** Depth first without recursion: links that lead back, and an order in which every other link leads forward. */
function walk<Way extends GraphLink>(
  starts: readonly string[],
  out: Map<string, Way[]>,
): { back: Set<Way>; order: string[] } {
  const state = new Map<string, 'open' | 'done'>()
  const back = new Set<Way>()
  const finished: string[] = []
  for (const start of starts) {
    if (state.has(start)) continue
    const stack = [{ id: start, at: 0 }]
    state.set(start, 'open')
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const link = out.get(top.id)?.[top.at]
      top.at += 1
      if (link === undefined) {
        state.set(top.id, 'done')
        finished.push(top.id)
        stack.pop()
      } else if (state.get(link.to) === 'open') back.add(link)
      else if (!state.has(link.to) && out.has(link.to)) {
        state.set(link.to, 'open')
        stack.push({ id: link.to, at: 0 })
      }
    }
  }
  return { back, order: finished.reverse() }
}
