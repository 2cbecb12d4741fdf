import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { labFileLimits } from './input.ts'
import { type LabFileProblem, shownPath } from './problem.ts'

export type Path = readonly (string | number)[]

/** A YAML text as a value, and where each part of it stands. */
export interface YamlSource {
  value: unknown
  /** What is wrong with the text as YAML. */
  problems: LabFileProblem[]
  /** A problem at a place of the value; `at: 'key'` points to the key instead of what it holds. */
  problem(path: Path, message: string, more?: { remedy?: string; closest?: string; at?: 'key' }): LabFileProblem
}

/** Reads YAML 1.2, of which JSON is a part. Never throws; a text beyond the bounds of `labFileLimits` is a problem and has no value. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter()
  const at = (offset: number, path: Path, message: string): LabFileProblem => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col), path: shownPath(path), message }
  }
  const refused = (message: string, offset = 0): YamlSource => ({
    value: undefined,
    problems: [at(offset, [], message)],
    problem: (path, wrong) => at(0, path, wrong),
  })
  const bytes = Buffer.byteLength(text)
  if (bytes > labFileLimits.bytes) return refused(`is ${bytes} bytes; at most ${labFileLimits.bytes}`)
  if (nesting(text) > labFileLimits.depth * 4) return refused(`is nested deeper than ${labFileLimits.depth} levels`)
  let document: Document.Parsed
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: true })
  } catch {
    return refused('cannot be read as YAML: it is nested too deeply')
  }
  const deep = tooDeep(document.contents, 1)
  if (deep !== undefined) return refused(`is nested deeper than ${labFileLimits.depth} levels`, deep)
  const found = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    at(
      pos[0],
      [],
      code === 'DUPLICATE_KEY' ? `${nameAt(text, pos[0])} is there twice; names are unique` : yamlWords(code, message),
    ),
  )
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: labFileLimits.aliases })
  } catch (error) {
    const words =
      error instanceof ReferenceError
        ? `has more aliases than ${labFileLimits.aliases}, or they multiply`
        : 'cannot be read as YAML'
    return refused(words)
  }
  return {
    value,
    problems: found,
    problem(path, message, { remedy, closest, at: place } = {}) {
      return {
        ...at(offsetOf(document, path, place === 'key'), path, message),
        ...(remedy === undefined ? {} : { remedy }),
        ...(closest === undefined ? {} : { closest }),
      }
    },
  }
}

/** How deep flow collections nest at most, so that the parser is not asked for more than its stack holds. Counts quoted ones too. */
function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (const letter of text) {
    if (letter === '[' || letter === '{') deepest = Math.max(deepest, ++depth)
    else if (letter === ']' || letter === '}') depth -= 1
  }
  return deepest
}

/** The offset of the first node below the allowed depth. */
function tooDeep(node: unknown, depth: number): number | undefined {
  if (!isMap(node) && !isSeq(node)) return undefined
  if (depth > labFileLimits.depth) return node.range?.[0] ?? 0
  for (const item of node.items) {
    const found = isPair(item)
      ? (tooDeep(item.key, depth + 1) ?? tooDeep(item.value, depth + 1))
      : tooDeep(item, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** Where the value at `path` begins; where there is none, the innermost part around it that there is. */
function offsetOf(document: Document.Parsed, path: Path, wantsKey: boolean): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const [index, key] of path.entries()) {
    const whole = isAlias(node) ? node.resolve(document) : node
    if (isSeq(whole)) node = whole.items[Number(key)]
    else if (isMap(whole)) {
      const pair = whole.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      const isLast = index === path.length - 1
      const start = rangeOf(pair?.key)
      if (start !== undefined) offset = start
      if (isLast && wantsKey) return offset
      node = pair?.value
    } else return offset
    const start = rangeOf(node)
    if (start === undefined) return offset
    offset = start
  }
  return offset
}

function rangeOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined
}

const nameAt = (text: string, offset: number): string =>
  /^["']?([^\s:"',{}[\]]*)/.exec(text.slice(offset, offset + 200))?.[1] ?? 'a name'

/** The first line of what the parser says, begun as the other problems are. */
function yamlWords(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'has several documents; a lab file is one'
  if (code === 'TAB_AS_INDENT') return 'is indented with a tab; use spaces'
  const [first = ''] = message.split('\n')
  return `cannot be read as YAML: ${first.replace(/:$/, '')}`
}
