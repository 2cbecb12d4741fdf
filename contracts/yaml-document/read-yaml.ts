import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml'
import { ExactJson } from '../events/exact-json.ts'
import { isKept } from '../events/exact-numbers.ts'
import { jsonPointer } from '../json-pointer.ts'
import type { FileProblem } from './file-problem.ts'
import { referenceProblems } from './reference-problems.ts'

/** A larger file is refused before it is read, in characters. */
export const maxFileLength = 200_000
/** Levels of brackets, and columns before a line says something: each level is a call of the parser within itself. */
const maxLevels = 100
const maxColumns = 200
/** Mistakes in the writing that are reported; one unclosed quote can make thousands. */
const maxMistakes = 20
/** Values that aliases may represent in all: a file of a few lines can otherwise grow to gigabytes. */
const maxAliases = 1_000

/** A YAML file as plain data that knows the place of each of its values. A number of more digits than JavaScript has room for is an `ExactJson`. */
export interface YamlDocument {
  /** Undefined if the text is not YAML, or holds nothing. Of a key that is there twice it has the last one: the rest can be checked as well. */
  value: unknown
  /** Why the text is not YAML, or not the YAML that its writer meant. */
  problems: FileProblem[]
  /** A problem at the value that `path` names, or at its key; at the nearest thing around it if it is not there. */
  problemAt(path: readonly PropertyKey[], cause: string, remedy: string, at?: 'key' | 'value'): FileProblem
}

/** Reads one YAML 1.2 document. Never throws: what is wrong with the text is among `problems`. */
export function readYaml(text: string): YamlDocument {
  if (text.length > maxFileLength) {
    const cause = `the file has ${text.length} characters, and at most ${maxFileLength} are read`
    return unreadable({ line: 1, column: 1, path: '', cause, remedy: 'leave out what is not needed' })
  }
  const deep = tooDeep(text)
  return deep === undefined ? parsed(text, new LineCounter()) : unreadable(deep)
}

/**
 * A file that is nested deeper than any real one. The parser calls itself for each level, and at the end of its stack the process ends; so
 * this is looked at before it, and takes brackets in texts for levels too.
 */
function tooDeep(text: string): FileProblem | undefined {
  const refuse = (line: number, column: number): FileProblem => {
    return { ...{ line, column, path: '' }, cause: 'the file is nested too deep', remedy: 'write it flat' }
  }
  let level = 0
  for (const [index, line] of text.split('\n').entries()) {
    const before = /^[\s?:-]*/.exec(line)?.[0].length ?? 0
    if (before > maxColumns) return refuse(index + 1, before)
    for (let column = before; column < line.length; column += 1) {
      const character = line[column]
      if (character === '[' || character === '{') level += 1
      else if ((character === ']' || character === '}') && level > 0) level -= 1
      if (level > maxLevels) return refuse(index + 1, column + 1)
    }
  }
  return undefined
}

function unreadable(problem: FileProblem): YamlDocument {
  return { value: undefined, problems: [problem], problemAt: () => problem }
}

function parsed(text: string, lines: LineCounter): YamlDocument {
  const document = parseDocument<ParsedNode>(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    uniqueKeys: true,
    // It else writes to stderr what it thinks of keys that are not text.
    logLevel: 'error',
  })
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems = [...document.errors, ...document.warnings].slice(0, maxMistakes).map(
    ({ code, message, pos }): FileProblem => ({
      ...at(pos[0]),
      path: '',
      cause: code === 'DUPLICATE_KEY' ? `${keyAt(text, pos[0])} is here twice` : inWords(message),
      remedy: remedies[code] ?? '',
    }),
  )
  const value = (): unknown => {
    if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return undefined
    const references = referenceProblems(document).slice(0, maxMistakes)
    problems.push(...references.map(({ offset, cause, remedy }) => ({ ...at(offset), path: '', cause, remedy })))
    if (references.length > 0) return undefined
    for (const offset of prototypesIn(document).slice(0, maxMistakes)) {
      const cause = '__proto__ is a name that would reach the prototype of an object'
      problems.push({ ...at(offset), path: '', cause, remedy: 'rename it' })
    }
    keepDigits(document)
    try {
      return document.toJS({ maxAliasCount: maxAliases })
    } catch (error) {
      // Whatever the library cannot turn into data is a matter of the text.
      const { message } = error instanceof Error ? error : new Error(String(error))
      const cause = message.startsWith('Excessive')
        ? `its aliases represent more than ${maxAliases} values`
        : `this is not plain data: ${message}`
      problems.push({ ...{ line: 1, column: 1, path: '' }, cause, remedy: 'write the values out' })
      return undefined
    }
  }
  return {
    value: value(),
    problems,
    problemAt(path, cause, remedy, side = 'value') {
      return { ...at(offsetOf(document, path, side)), path: jsonPointer(path), cause, remedy }
    },
  }
}

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

function keepDigits(document: Document): void {
  visit(document, {
    Scalar(key, node) {
      const { value, source } = node
      if (typeof value !== 'number' || source === undefined) return
      if (!jsonNumber.test(source) || isKept(source)) return
      node.value = key === 'key' ? source : new ExactJson(source)
    },
  })
}

/** Where keys are called `__proto__`, which no door takes: copies of the data would leave it out, or do worse. */
function prototypesIn(document: Document): number[] {
  const found: number[] = []
  visit(document, {
    Scalar(key, { value, range }) {
      if (key === 'key' && value === '__proto__') found.push(range?.[0] ?? 0)
    },
  })
  return found
}

/** Where the value of a path, or its key, begins; of the innermost thing around it that is there. */
function offsetOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
  side: 'key' | 'value',
): number {
  let node: Node | null = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const [index, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null
    const found = memberOf(node, segment)
    if (!found) return offset
    const isLast = index === path.length - 1
    const start = isLast && side === 'key' ? (found.key ?? found.value) : (found.value ?? found.key)
    offset = start?.range?.[0] ?? offset
    node = found.value
  }
  return offset
}

function memberOf(node: Node | null, segment: PropertyKey): { key?: Node; value: Node | null } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)]
    return isNode(item) ? { value: item } : undefined
  }
  if (!isMap(node)) return undefined
  // A key that is a group or a list has no name of its own.
  const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(segment))
  if (!pair) return undefined
  return { ...(isNode(pair.key) ? { key: pair.key } : {}), value: isNode(pair.value) ? pair.value : null }
}

function inWords(message: string): string {
  const first = (message.split('\n')[0] ?? message).replace(/; please use YAML\S*$/, '')
  return first.charAt(0).toLowerCase() + first.slice(1)
}

/** The plain or quoted key that begins at an offset; `this key` if it is neither, or long. */
function keyAt(text: string, offset: number): string {
  return (
    /^(?:"[^"\\\n]{1,60}"|'[^'\n]{1,60}'|[\w.-]{1,60})(?=\s*:)/.exec(text.slice(offset, offset + 80))?.[0] ?? 'this key'
  )
}

const remedies: Record<string, string> = {
  DUPLICATE_KEY: 'keep one of them',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'indent what belongs together by the same number of spaces',
  MULTIPLE_DOCS: 'keep one document: what is before the second ---',
  MULTILINE_IMPLICIT_KEY: 'put the text in quotes, or a space after the colon',
  MISSING_CHAR: 'close what was opened, or put the text in quotes',
  TAG_RESOLVE_FAILED: 'leave the tag out: only plain values are read',
}
