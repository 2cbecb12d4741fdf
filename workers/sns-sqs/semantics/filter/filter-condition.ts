import { BlockList, isIP } from 'node:net'

/** One condition of a filter policy. `wantsAbsence` is met by a field that is not there, and by nothing else. */
export interface Matcher {
  wantsAbsence: boolean
  matches(value: unknown): boolean
}

type Refuse = (reason: string) => Error

const when = (matches: (value: unknown) => boolean): Matcher => ({ wantsAbsence: false, matches })
/**
 * Numbers are compared to six digits behind the point, as SNS does. Of the product only what a double has for sure counts: 8.2 times a million
 * is 8,199,999.999999999.
 */
const exact = (value: number): number => Math.trunc(Number((value * 1e6).toPrecision(15)))
const whenNumber = (matches: (value: number) => boolean): Matcher =>
  when((value) => typeof value === 'number' && matches(exact(value)))
const whenText = (matches: (value: string) => boolean): Matcher =>
  when((value) => typeof value === 'string' && matches(value))

/** Compiles one element of a key's list: a plain value, or an object with one operator. */
export function parseCondition(condition: unknown, refuse: Refuse): Matcher {
  if (Array.isArray(condition)) throw refuse('Match value must be String, number, true, false, or null')
  if (typeof condition !== 'object' || condition === null) {
    if (typeof condition === 'number') return whenNumber((value) => value === exact(condition))
    return when((value) => value === condition)
  }
  const entries = Object.entries(condition)
  const [operator, operand] = entries[0] ?? ['', undefined]
  if (entries.length === 0) throw refuse('Empty objects are not allowed')
  if (entries.length !== 1) throw refuse('Only one key allowed in match expression')
  const compile = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (compile === undefined) throw refuse(`Unrecognized match type ${operator}`)
  return compile(operand, refuse)
}

const text = (operand: unknown, operator: string, refuse: Refuse): string => {
  if (typeof operand === 'string') return operand
  throw refuse(`${operator} match pattern must be a string`)
}

const operators: Record<string, (operand: unknown, refuse: Refuse) => Matcher> = {
  prefix: (operand, refuse) => {
    const prefix = text(operand, 'prefix', refuse)
    return whenText((value) => value.startsWith(prefix))
  },
  suffix: (operand, refuse) => {
    const suffix = text(operand, 'suffix', refuse)
    return whenText((value) => value.endsWith(suffix))
  },
  'equals-ignore-case': (operand, refuse) => {
    const wanted = text(operand, 'equals-ignore-case', refuse).toLowerCase()
    return whenText((value) => value.toLowerCase() === wanted)
  },
  wildcard: (operand, refuse) => {
    const pattern = text(operand, 'wildcard', refuse)
    if (pattern.includes('**')) throw refuse('Consecutive wildcard characters are not allowed')
    const parts = pattern.split('*')
    return whenText((value) => fitsWildcard(value, parts))
  },
  exists: (operand, refuse) => {
    if (typeof operand !== 'boolean') throw refuse('exists match pattern must be either true or false.')
    return operand ? when(() => true) : { wantsAbsence: true, matches: () => false }
  },
  numeric,
  cidr: (operand, refuse) => {
    const [address = '', bits = ''] = text(operand, 'cidr', refuse).split('/')
    const family = isIP(address)
    if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
      throw refuse('Malformed CIDR, one of the form 10.0.0.0/24 is needed')
    }
    const block = new BlockList()
    block.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
    return whenText((value) => isIP(value) !== 0 && block.check(value, isIP(value) === 4 ? 'ipv4' : 'ipv6'))
  },
  'anything-but': anythingBut,
}

/** Whether the pieces between the stars occur in the text in this order, the first at its start and the last at its end. */
function fitsWildcard(value: string, parts: string[]): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return value === first
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false
  let at = first.length
  const end = value.length - last.length
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at)
    if (found === -1 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

const negatable = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard']

/** A value, a list of values, or `prefix`, `suffix`, `equals-ignore-case`, `wildcard` with a text or a list of texts. */
function anythingBut(operand: unknown, refuse: Refuse): Matcher {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [operator = '', inner] = Object.entries(operand)[0] ?? []
    if (!negatable.includes(operator)) throw refuse(`Unsupported anything-but pattern: ${operator}`)
    const list: unknown[] = Array.isArray(inner) ? inner : [inner]
    if (list.length === 0) throw refuse('Value of anything-but must not be an empty list')
    const excluded = list.map((one) => parseCondition({ [operator]: one }, refuse))
    return when((value) => !excluded.some((matcher) => matcher.matches(value)))
  }
  const excluded: unknown[] = Array.isArray(operand) ? operand : [operand]
  if (excluded.length === 0 || excluded.some((one) => typeof one !== 'string' && typeof one !== 'number')) {
    throw refuse('Value of anything-but must be an array or single string/number value.')
  }
  const numbers = excluded.filter((one) => typeof one === 'number').map(exact)
  return when((value) => (typeof value === 'number' ? !numbers.includes(exact(value)) : !excluded.includes(value)))
}

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

/** `["=", 5]`, `[">=", 1]` or `[">", 1, "<=", 9]`, with the reasons that AWS gives against anything else. */
function numeric(operand: unknown, refuse: Refuse): Matcher {
  if (!Array.isArray(operand)) throw refuse('Value of numeric must be an array.')
  const [first, lower, second, upper] = operand as unknown[]
  if (operand.length === 0) throw refuse('Invalid member in numeric match: ]')
  if (typeof first !== 'string') throw refuse(`Invalid member in numeric match: ${String(first)}`)
  const compare = Object.hasOwn(comparisons, first) ? comparisons[first] : undefined
  if (compare === undefined) throw refuse(`Unrecognized numeric range operator: ${first}`)
  if (typeof lower !== 'number') throw refuse(`Value of ${first === '=' ? 'equals' : first} must be numeric`)
  if (operand.length === 2) return whenNumber((value) => compare(value, exact(lower)))
  if (first !== '>' && first !== '>=') throw refuse('Too many elements in numeric expression')
  if (typeof second !== 'string') throw refuse(`Bad value in numeric range: ${String(second)}`)
  if (second !== '<' && second !== '<=') throw refuse(`Bad numeric range operator: ${second}`)
  if (typeof upper !== 'number') throw refuse(`Value of ${second} must be numeric`)
  if (operand.length > 4) throw refuse('Too many terms in numeric range expression')
  if (lower >= upper) throw refuse('Bottom must be less than top')
  const below = comparisons[second]
  return whenNumber((value) => compare(value, exact(lower)) && below?.(value, exact(upper)) === true)
}
