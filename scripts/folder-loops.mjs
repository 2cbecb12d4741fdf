import { posix } from 'node:path'

/** Tests and fixtures may put together what production code keeps apart. */
const isTest = /\.(test|contract|fixture|bench)\.|\/fixtures\//

/**
 * Folders side by side that import each other, directly or around: `[parent, folders of its loop, one import of each tie]`. A folder
 * counts with everything in it. A folder and the folders in it are one idea and may know each other.
 *
 * `modules` is what dependency-cruiser lists: `{ source, dependencies: [{ resolved }] }`.
 */
export function folderLoops(modules) {
  /** By parent: from folder → to folder → an import. */
  const graphs = new Map()
  const known = new Set(modules.map(({ source }) => source))
  for (const { source, dependencies } of modules) {
    if (isTest.test(source)) continue
    for (const { resolved } of dependencies) {
      if (!known.has(resolved) || isTest.test(resolved)) continue
      const from = posix.dirname(source).split('/')
      const to = posix.dirname(resolved).split('/')
      const common = from.findIndex((name, depth) => name !== to[depth])
      // One of the two is in the other.
      if (common === -1 || common >= to.length) continue
      const parent = from.slice(0, common).join('/') || '.'
      const graph = graphs.get(parent) ?? new Map()
      graphs.set(parent, graph)
      const ties = graph.get(from[common]) ?? new Map()
      graph.set(from[common], ties)
      if (!ties.has(to[common])) ties.set(to[common], `${source} → ${resolved}`)
    }
  }
  return [...graphs].flatMap(([parent, graph]) => {
    const inLoop = [...graph.keys()].filter((folder) => reach(graph, folder).has(folder)).sort()
    if (inLoop.length === 0) return []
    const ties = inLoop.flatMap((from) =>
      [...graph.get(from)].flatMap(([to, tie]) => (inLoop.includes(to) ? [tie] : [])),
    )
    return [[parent, inLoop, ties]]
  })
}

/** Everything that can be come to from `start`; `start` itself only if a way leads back. */
function reach(graph, start) {
  const reached = new Set()
  const next = [start]
  while (next.length > 0) {
    for (const to of graph.get(next.pop())?.keys() ?? []) {
      if (reached.has(to)) continue
      reached.add(to)
      next.push(to)
    }
  }
  return reached
}
