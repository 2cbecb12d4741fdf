import { parentPort, workerData } from 'node:worker_threads'
import { parseExact } from '../events/exact-numbers.ts'
import { type CompiledSchema, type CompileOptions, compileSchema } from './compile-schema.ts'
import { type DataProblem, dataProblems } from './data-problems.ts'

/**
 * A value to check against a schema. Schemas are sent once, by their text, and named by a number from then on. The value is sent as
 * JSON if JavaScript has no room for a number in it.
 */
export interface ThreadRequest {
  id: number
  key: number
  schema?: string
  data?: unknown
  json?: string
  /** No former schema is used any more. */
  forget?: true
}

export type ThreadReply =
  | { kind: 'ready' }
  | { kind: 'checked'; id: number; problems: DataProblem[] }
  | { kind: 'schema_refused'; id: number; problems: DataProblem[] }
  /** The check threw: a stack that was too deep. */
  | { kind: 'failed'; id: number; message: string }

const compiled = new Map<number, CompiledSchema>()
const options = workerData as CompileOptions

function answer({ id, key, schema, data: sent, json, forget }: ThreadRequest): ThreadReply {
  try {
    const data = json === undefined ? sent : parseExact(json)
    if (forget) compiled.clear()
    const known = compiled.get(key) ?? compileSchema(parseExact(schema ?? 'null'), options)
    compiled.set(key, known)
    if (!known.ok) return { kind: 'schema_refused', id, problems: known.problems }
    return { kind: 'checked', id, problems: dataProblems(known.errorsOf(data), data) }
  } catch (error) {
    return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) }
  }
}

const say = (reply: ThreadReply): void => parentPort?.postMessage(reply)
parentPort?.on('message', (request: ThreadRequest) => say(answer(request)))
// The first compilation takes many times longer than those that follow; no deadline is to pay for it.
const first = compileSchema({ properties: { first: { type: 'string', format: 'email', pattern: 'a' } } }, options)
if (first.ok) dataProblems(first.errorsOf({ first: 1 }), {})
say({ kind: 'ready' })
