import { jsonPointer } from '#contracts/json-pointer.ts'
import type { ImportProblem } from './import-problem.ts'
import { loadParser } from './load-parser.ts'
import type { SourceFile, SourceFiles } from './source-files.ts'

const specification = 'https://www.asyncapi.com/docs/reference/specification'
const error = 0

/** Whether the official parser takes a document; else what it says, each at its place. */
export async function documentProblems(file: SourceFile, files: SourceFiles): Promise<ImportProblem[]> {
  const parser = await loadParser()
  const { diagnostics } = await parser.parse(file.text, { source: file.path })
  const version = /^["']?asyncapi["']?:\s*["']?(\d+\.\d+\.\d+)/m.exec(file.text)?.[1]
  return diagnostics
    .filter(({ severity }) => severity === error)
    .map(({ source, range, path, message, code }) => ({
      file: files.shown(source ?? file.path),
      line: range.start.line + 1,
      column: range.start.character + 1,
      path: jsonPointer(path),
      cause: message.replace(/\.$/, ''),
      remedy: remedyOf(String(code), version),
    }))
}

function remedyOf(code: string, version: string | undefined): string {
  if (code === 'asyncapi-is-asyncapi') return 'name documents that begin with `asyncapi: 2.6.0` or `asyncapi: 3.0.0`'
  if (code === 'invalid-ref') return 'correct the reference, or add what it names'
  if (code === 'parser') return 'correct the YAML'
  if (version === undefined) return `versions are listed at ${specification}`
  return `what may be here is at ${specification}/v${version}`
}
