import type { FileProblem } from '../yaml-document/file-problem.ts'
import { readYaml, type YamlDocument } from '../yaml-document/read-yaml.ts'
import { labFileLimits } from './input.ts'

/** Reads the YAML of a lab file, or of a file that it refers to. What is beyond `labFileLimits` is a problem and has no value. */
export function readLabYaml(text: string): YamlDocument {
  const bytes = Buffer.byteLength(text)
  if (bytes > labFileLimits.bytes) return refused(`the file is ${bytes} bytes; at most ${labFileLimits.bytes}`)
  const tooDeep = `the file is nested deeper than ${labFileLimits.depth} levels`
  // Before the parser, which calls itself for each level, is asked for more than its stack holds.
  if (nesting(text) > labFileLimits.depth * 4) return refused(tooDeep)
  const document = readYaml(text)
  const deep = pathBelow(document.value, labFileLimits.depth)
  if (deep === undefined) return document
  return { ...document, value: undefined, problems: [document.problemAt(deep, tooDeep, 'write it flatter')] }
}

function refused(cause: string): YamlDocument {
  const problem: FileProblem = { line: 1, column: 1, path: '', cause, remedy: 'write less' }
  return { value: undefined, problems: [problem], problemAt: () => problem }
}

/** How deep flow collections nest at most; counts those within quotes too. */
function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (const letter of text) {
    if (letter === '[' || letter === '{') deepest = Math.max(deepest, ++depth)
    else if (letter === ']' || letter === '}') depth -= 1
  }
  return deepest
}

/** The path of a value below the allowed depth; undefined if there is none. */
function pathBelow(value: unknown, left: number): (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (left === 0) return []
  for (const [key, inner] of Object.entries(value)) {
    const found = pathBelow(inner, left - 1)
    if (found !== undefined) return [Array.isArray(value) ? Number(key) : key, ...found]
  }
  return undefined
}
