import { BlockList, isIP } from 'node:net'

/** One condition of a filter policy. `wantsAbsence` is met by a field that is not there, and by nothing else. */
export interface Matcher {
  wantsAbsence: boolean
  matches(value: unknown): boolean
}

type Refuse = (reason: string) => Error

const when = (matches: (value: unknown) => boolean): Matcher => ({ wantsAbsence: false, matches })
const whenText = (matches: (value: string) => boolean): Matcher =>
  when((value) => typeof value === 'string' && matches(value))

/** Compiles one element of a key's list: a plain value, or an object with one operator. */
export function parseCondition(condition: unknown, refuse: Refuse): Matcher {
  if (typeof condition !== 'object' || condition === null) return when((value) => value === condition)
  const entries = Object.entries(condition)
  const [operator, operand] = entries[0] ?? ['', undefined]
  if (entries.length !== 1) throw refuse('"Match Value" object must have exactly one operator')
  const compile = operators[operator]
  if (compile === undefined) throw refuse(`Unrecognized match type ${operator}`)
  return compile(operand, refuse)
}

const text = (operand: unknown, operator: string, refuse: Refuse): string => {
  if (typeof operand === 'string' && operand !== '') return operand
  throw refuse(`${operator} match pattern must be a non-empty string`)
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
  exists: (operand, refuse) => {
    if (typeof operand !== 'boolean') throw refuse('exists match pattern must be either true or false')
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

/** A value, a list of values, or `prefix`, `suffix`, `equals-ignore-case` with a text or a list of texts. */
function anythingBut(operand: unknown, refuse: Refuse): Matcher {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [operator = '', inner] = Object.entries(operand)[0] ?? []
    if (operator !== 'prefix' && operator !== 'suffix' && operator !== 'equals-ignore-case') {
      throw refuse(`Unsupported anything-but pattern: ${operator}`)
    }
    const excluded = (Array.isArray(inner) ? inner : [inner]).map((one) => parseCondition({ [operator]: one }, refuse))
    return when((value) => !excluded.some((matcher) => matcher.matches(value)))
  }
  const excluded: unknown[] = Array.isArray(operand) ? operand : [operand]
  if (excluded.length === 0 || excluded.some((one) => typeof one !== 'string' && typeof one !== 'number')) {
    throw refuse('Value of anything-but must be a string, a number, or a non-empty list of those')
  }
  return when((value) => !excluded.includes(value))
}

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

/** `["=", 5]`, `[">=", 1]` or `[">", 1, "<=", 9]`. */
function numeric(operand: unknown, refuse: Refuse): Matcher {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw refuse('Value of numeric must be an array of one or two comparisons')
  }
  const tests: ((value: number) => boolean)[] = []
  for (let index = 0; index < operand.length; index += 2) {
    const compare = comparisons[String(operand[index])]
    const bound: unknown = operand[index + 1]
    if (compare === undefined) throw refuse(`Unrecognized numeric range operator: ${String(operand[index])}`)
    if (typeof bound !== 'number') throw refuse('Value of numeric comparison must be a number')
    tests.push((value) => compare(value, bound))
  }
  return when((value) => typeof value === 'number' && tests.every((test) => test(value)))
}
