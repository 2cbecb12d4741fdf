import type { FastifyInstance } from 'fastify'
import { ExactJson } from '#contracts/events/exact-json.ts'
import { keepsNumbers, parseExact } from '#contracts/events/exact-numbers.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { ApiProblem, type InputError, inputProblem } from '../problem/problem.ts'

/** Digits that PostgreSQL keeps of any number, behind the point too. */
const longestNumber = 1_000

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Members of the body that go to the broker as they are written, whatever is in them, and are not stored by web. */
    carried?: readonly string[]
  }
}

/**
 * Refuses bodies with what the database does not store, before a route sees them: U+0000, half surrogate pairs, and numbers beyond all
 * measure. So no change is half made when its text turns out to be unfit, and no answer blames the database for it.
 */
export function refuseUnstorable(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    // No list is asked for a name that cannot be in it.
    for (const value of Object.values(request.params ?? {}))
      if (typeof value === 'string' && value.includes('\u0000'))
        throw new ApiProblem('bad_request', 'the address has the character U+0000, which no name has')
    const hostile = hostileQuery(request.query)
    if (hostile.length > 0) throw inputProblem('invalid_query', hostile)
    const { bodyText } = request
    // Both have to be escaped in JSON that is valid UTF-8.
    if (!bodyText.includes('\\u') && keepsNumbers(bodyText)) return
    const { carried = [] } = request.routeOptions.config
    const problems: InputError[] = []
    collect(parseExact(bodyText), [], carried, problems)
    if (problems.length > 0) throw inputProblem('invalid_body', problems)
  })
}

/** What no text of a query may have, at each parameter that has it. */
function hostileQuery(query: unknown): InputError[] {
  return Object.entries(query ?? {}).flatMap(([name, value]) => {
    const problem = [name, ...[value].flat()].map((text) => textProblem(String(text))).find((one) => one !== undefined)
    return problem === undefined ? [] : [{ path: jsonPointer([name]), message: problem }]
  })
}

/** The depth of `value` is bounded. */
function collect(value: unknown, path: string[], carried: readonly string[], problems: InputError[]): void {
  const addProblem = (message: string): void => void problems.push({ path: jsonPointer(path), message })
  if (value instanceof ExactJson) {
    const problem = numberProblem(String(value))
    if (problem !== undefined) addProblem(problem)
  } else if (typeof value === 'string') {
    const problem = textProblem(value)
    if (problem !== undefined) addProblem(problem)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      if (path.length === 0 && carried.includes(name)) continue
      const problem = textProblem(name)
      if (problem !== undefined) addProblem(`has a name that ${problem}`)
      else collect(inner, [...path, name], carried, problems)
    }
  }
}

function textProblem(text: string): string | undefined {
  if (text.includes('\u0000')) return 'has the character U+0000, which the database does not store'
  return text.isWellFormed() ? undefined : 'has half a surrogate pair, which is not a character'
}

function numberProblem(number: string): string | undefined {
  if (number.length > longestNumber) return `has more than ${longestNumber} digits`
  const value = Number(number)
  if (!Number.isFinite(value)) return 'is too large for a number'
  return value === 0 ? 'is too small for a number' : undefined
}
