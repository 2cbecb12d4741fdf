import { ExactJson, writeJson } from '#contracts/events/exact-json.ts'
import { pointerSegment } from '#contracts/json-pointer.ts'

/** Values of a field that a template distinguishes; of more, it keeps the first. */
const choicesMost = 50

const uuid = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i
const email = /^[^\s@{}]+@[^\s@{}]+\.[^\s@{}]+$/
const word = /^[^\s{}]+$/

/** What a template could not keep, by JSON pointer. */
export type Loss = (pointer: string, what: string) => void

/**
 * One template for the contents of many messages: what all have in common as it is, what differs as a generator that makes values like
 * theirs. If there is none, the first value stays, and `lose` is called.
 */
export function templateOf(values: readonly unknown[], lose: Loss, pointer = ''): unknown {
  const [first] = values
  if (isObject(first) && values.every(isObject)) {
    const names = [...new Set(values.flatMap((value) => Object.keys(value)))]
    return Object.fromEntries(
      names.flatMap((name) => {
        const found = values.filter((value) => Object.hasOwn(value, name)).map((value) => value[name])
        if (found.length < values.length) lose(pointer + pointerSegment(name), 'only some messages had it')
        return found.length < values.length && !Object.hasOwn(first, name)
          ? []
          : [[name, templateOf(found, lose, pointer + pointerSegment(name))]]
      }),
    )
  }
  if (Array.isArray(first) && values.every((value) => Array.isArray(value) && value.length === first.length))
    return first.map((_, index) =>
      templateOf(
        values.map((value) => (value as unknown[])[index]),
        lose,
        pointer + pointerSegment(index),
      ),
    )
  const distinct = new Set(values.map((value) => writeJson(value)))
  if (distinct.size <= 1) return literal(first, lose, pointer)
  const generator = generatorOf(values)
  if (generator !== undefined) return generator
  lose(pointer, 'it differed, and the first value is kept')
  return literal(first, lose, pointer)
}

function generatorOf(values: readonly unknown[]): string | undefined {
  if (values.every((value) => typeof value === 'string')) {
    if (values.every((value) => uuid.test(value))) return '{{uuid}}'
    if (values.every((value) => email.test(value))) return '{{email}}'
    const choices = [...new Set(values)]
    return choices.length <= choicesMost && choices.every((choice) => word.test(choice))
      ? `{{pick ${choices.join(' ')}}}`
      : undefined
  }
  if (!values.every((value) => typeof value === 'number')) return undefined
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (values.every(Number.isSafeInteger)) return `{{int ${low} ${high}}}`
  const digits = Math.max(...values.map((value) => (/^-?\d+\.(\d+)$/.exec(String(value))?.[1] ?? '').length))
  return digits > 10 || /e/.test(`${low}${high}`) ? undefined : `{{decimal ${low} ${high} ${digits}}}`
}

/** What is in the text of a message looks like a generator to a scenario. */
function literal(value: unknown, lose: Loss, pointer: string): unknown {
  if (typeof value !== 'string' || !value.includes('{{')) return value
  lose(pointer, 'two braces are written apart here, since they begin a generator')
  return value.replaceAll('{{', '{ {')
}

/** A payload whose messages a burst made different: ids and addresses become generators. */
export function varied(value: unknown): unknown {
  if (typeof value === 'string') return uuid.test(value) ? '{{uuid}}' : email.test(value) ? '{{email}}' : value
  if (Array.isArray(value)) return value.map(varied)
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, varied(member)]))
    : value
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactJson)
