import { ExactJson } from '#contracts/events/exact-json.ts'
import { type Generator, parseTemplate } from '#contracts/scenario/template.ts'
import { uuidBy } from './random.ts'

/** What the generators of one message are made of. */
export interface MessageSeeds {
  random: () => number
  /** Of the message in the run, from 0. */
  index: number
  /** Text of the key that was drawn. */
  key: string
}

type Render = (seeds: MessageSeeds) => unknown

const words = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'heron',
  'iris',
  'jade',
  'kelp',
  'lark',
  'maple',
  'north',
  'opal',
  'pine',
]

/** Compiles the data of a scenario, so that a message costs no parsing. Values without generators stay as they are. */
export function compileTemplate(value: unknown): Render {
  if (typeof value === 'string') return compileText(value)
  if (Array.isArray(value)) {
    const items = value.map(compileTemplate)
    return (seeds) => items.map((item) => item(seeds))
  }
  if (value instanceof ExactJson) return () => value
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => [name, compileTemplate(member)] as const)
    return (seeds) => Object.fromEntries(members.map(([name, member]) => [name, member(seeds)]))
  }
  return () => value
}

function compileText(text: string): Render {
  const { parts } = parseTemplate(text)
  const [only] = parts
  if (parts.length === 1 && typeof only === 'object') return (seeds) => generate(only, seeds)
  if (parts.every((part) => typeof part === 'string')) return () => text
  return (seeds) => parts.map((part) => (typeof part === 'string' ? part : String(generate(part, seeds)))).join('')
}

function generate(generator: Generator, { random, index, key }: MessageSeeds): string | number {
  switch (generator.kind) {
    case 'uuid':
      return uuidBy(random)
    case 'email':
      return `${oneOf(words, random)}.${Math.floor(random() * 1_000_000)}@example.com`
    case 'index':
      return index
    case 'key':
      return key
    case 'word':
      return oneOf(words, random)
    case 'int':
      return generator.min + Math.floor(random() * (generator.max - generator.min + 1))
    case 'decimal':
      return Number((generator.min + random() * (generator.max - generator.min)).toFixed(generator.digits))
    case 'pick':
      return oneOf(generator.choices, random)
  }
}

const oneOf = (choices: readonly string[], random: () => number): string =>
  choices[Math.floor(random() * choices.length)] ?? ''
