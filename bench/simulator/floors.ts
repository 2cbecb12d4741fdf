/**
 * What the memory store must reach of the null server, null / simulator by processor time: well below what was measured on two busy cores, so that
 * only a change of the program goes below. See docs/performance.md.
 */
const floors: Record<string, number> = {
  send: 0.4,
  'batch of 10': 0.14,
  'receive and delete': 0.2,
  'send, receive, delete': 0.55,
  'publish to two queues': 0.48,
}

/** The kinds of work that are below their floor, in words. */
export const belowFloor = (ratios: Record<string, number>): string[] =>
  Object.entries(floors).flatMap(([kind, floor]) => {
    const ratio = ratios[kind]
    return ratio === undefined || ratio >= floor ? [] : [`${kind}: ${ratio.toFixed(2)}, at least ${floor}`]
  })
