import type { z } from 'zod'
import { type Problem, problem } from '#contracts/errors.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'

/** Thrown when the lab answers with a problem document. */
export class LabRefusal extends CommandError {
  readonly problem: Problem

  constructor(found: Problem) {
    const places = (found.errors ?? []).map(({ path, message, line, column }) => {
      const at = line === undefined ? '' : `${line}:${column} `
      return `\n  ${at}${path}: ${message}`
    })
    super(
      `${found.title}: ${places.length === 0 ? found.detail : places.join('')}`,
      // What was sent is wrong, and not what the lab made of it.
      found.status === 400 || places.length > 0 ? exitCodes.invalid : exitCodes.fail,
    )
    this.problem = found
  }
}

/** A running lab, by its REST API. */
export interface LabClient {
  readonly url: string
  /** Rejects with `LabRefusal` where the lab refuses, and with `CommandError` if it does not answer. */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>>
  text(path: string): Promise<string>
}

export function openLabClient(url: string, token?: string): LabClient {
  const base = url.replace(/\/+$/, '')
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
    throw new CommandError(`"${url}" is not the address of a lab; write http://localhost:3000`, exitCodes.invalid)
  const ask = async (path: string, method: string, body?: unknown): Promise<Response> => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: writeJson(body) }),
    }).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
      throw new CommandError(`the lab at ${base} does not answer (${cause}); start one with npm start, or give --url`)
    })
    if (answer.ok) return answer
    const text = await answer.text()
    const parsed = problem.safeParse(parsedJson(text))
    if (parsed.success) throw new LabRefusal(parsed.data)
    throw new CommandError(`${base}${path} answered ${answer.status}: ${text.slice(0, 200)}`)
  }
  const read = async <Schema extends z.ZodType>(answer: Response, schema: Schema): Promise<z.output<Schema>> => {
    const parsed = schema.safeParse(await answer.json().catch(() => undefined))
    if (parsed.success) return parsed.data
    throw new CommandError(
      `${answer.url} is not the lab of this faultline: it answered something else than is known here`,
    )
  }
  return {
    url: base,
    get: async (path, schema) => read(await ask(path, 'GET'), schema),
    send: async (method, path, body, schema) => read(await ask(path, method, body), schema),
    text: async (path) => (await ask(path, 'GET')).text(),
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
