import type { Envelope } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { exactValue } from '#contracts/events/exact-numbers.ts'
import { exactSchema } from '#contracts/events/exact-texts.ts'
import { parseJson, UnfitJson } from '#contracts/events/json-text.ts'
import { type CompiledSchema, compileSchema } from '#contracts/schemas/compile-schema.ts'
import { type DataProblem, dataProblems } from '#contracts/schemas/data-problems.ts'
import { type CheckerLimits, createSchemaChecker } from '#contracts/schemas/schema-checker.ts'

/** The body is no UTF-8, not JSON by the rules of every door (`parseJson`), or does not match the schema of its type. It never will: no attempt is worth repeating. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
}

/**
 * The data of an envelope; `bytes` is its body if that is not UTF-8. Rejects with `Undecodable`; with another error where a schema that a
 * user gave cannot be used, or takes more time or memory than a check may have.
 */
export type Decode = (
  envelope: Pick<Envelope, 'type' | 'version' | 'body'>,
  bytes: Buffer | undefined,
  eventType: EventTypeDefinition | undefined,
) => Promise<unknown>

export interface Decoder {
  decode: Decode
  /** Ends what checks schemas. */
  close(): Promise<void>
}

/** More than the control plane gives: what it let through is not refused here because the machine is busy. */
const deadlineMs = 4_000

/**
 * Parses and validates bodies. A message is checked against the version that it was published under: where this process never saw that
 * version (it is older than the worker, or the change has not arrived yet), the producer's own validation counts. Schemas that a user
 * gave are checked in a thread of their own, which no schema can keep for longer than its deadline.
 */
export function createDecoder(limits: Partial<CheckerLimits> = {}): Decoder {
  const checker = createSchemaChecker({ allErrors: false, deadlineMs, waitMs: 30_000, ...limits })
  const builtIn = new Map<string, CompiledSchema>()
  /** The same, without writing the schema out for every message. */
  const known = new WeakMap<EventTypeDefinition, CompiledSchema>()
  const versions = new Map<string, EventTypeDefinition>()

  function problemsOf(type: EventTypeDefinition, data: unknown): DataProblem[] | Promise<DataProblem[]> {
    if (!type.builtIn) return checker.check(exactSchema(type), data)
    const compiled = known.get(type) ?? compiledOnce(type)
    known.set(type, compiled)
    if (!compiled.ok) throw new Error(`the schema of ${type.name} cannot be used: ${compiled.problems[0]?.message}`)
    return dataProblems(compiled.errorsOf(data), data)
  }

  function compiledOnce({ schema }: EventTypeDefinition): CompiledSchema {
    const text = JSON.stringify(schema)
    const compiled = builtIn.get(text) ?? compileSchema(schema, { allErrors: false })
    builtIn.set(text, compiled)
    return compiled
  }

  return {
    async decode(envelope, bytes, eventType) {
      if (bytes !== undefined) throw new Undecodable('the body is not valid UTF-8')
      let data: unknown
      try {
        data = parseJson(envelope.body)
      } catch (error) {
        if (error instanceof UnfitJson)
          throw new Undecodable(`the data is not taken: ${error.path || 'it'} ${error.message}`)
        throw new Undecodable(`the body is not JSON: ${error instanceof Error ? error.message : error}`)
      }
      if (eventType) versions.set(`${eventType.name}@${eventType.version}`, eventType)
      const type = versions.get(`${envelope.type}@${envelope.version}`)
      if (type === undefined) return data
      const [first] = await problemsOf(type, exactValue(data, envelope.body))
      if (first === undefined) return data
      throw new Undecodable(
        `the data does not match ${envelope.type} version ${envelope.version}: ${first.path || 'it'} ${first.message}`,
      )
    },
    close: checker.close,
  }
}
