import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, visit } from 'yaml'

/** A reference of a document that leads nowhere: its place, and why. */
export interface ReferenceProblem {
  /** The place in the text, in characters. */
  offset: number
  cause: string
  remedy: string
}

/**
 * Aliases and merges that no plain data can come of, in the order of the text. The parser takes them, and the turning into data either
 * throws at them without saying where, or makes a value that holds itself, at which everything fails that walks through it.
 */
export function referenceProblems(document: Document): ReferenceProblem[] {
  const problems: ReferenceProblem[] = []
  // An anchor may be given twice; an alias means the last one before it. Looked up here, as the parser goes through the whole document for each.
  const anchors = new Map<string, Node>()
  const meant = (node: unknown): unknown => (isAlias(node) ? anchors.get(node.source) : node)
  const wrong = (node: unknown, cause: string, remedy: string): void =>
    void problems.push({ offset: (isNodeWithRange(node) ? node.range?.[0] : undefined) ?? 0, cause, remedy })

  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
    Alias(_, alias: Alias, path) {
      const target = anchors.get(alias.source)
      if (target !== undefined && path.includes(target))
        wrong(alias, `*${alias.source} is within what it refers to`, 'write the value out')
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.type !== 'PLAIN' || key.source !== '<<') return
      const source = meant(value)
      for (const merged of isSeq(source) ? source.items : [source]) {
        if (isMap(meant(merged))) continue
        const place = isSeq(value) ? merged : value
        wrong(place ?? key, 'only groups of keys can be merged', 'write <<: *name of a group, or put << in quotes')
      }
    },
  })
  return problems
}

const isNodeWithRange = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'range' in value
