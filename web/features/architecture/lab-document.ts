import { type Document, isCollection, isPair, isScalar, isSeq, parseDocument } from 'yaml'
import type { DrawnService } from '../lab/draft-store.ts'
import { deleteIn, setIn } from './yaml-edit.ts'

/** Ways in which a service can be made of something, as the keys of the lab file say it. `source`: none of them. */
export const bodyKeysOfForm = ['builtin', 'run', 'simulate', 'url'] as const
export type BodyKey = (typeof bodyKeysOfForm)[number] | 'source'

/** A service as the form shows it. Texts are as in the file. */
export interface DraftService {
  name: string
  body: BodyKey
  receives: string[]
  sends: string[]
  replicas: string | undefined
  idempotent: boolean | undefined
  builtin: string | undefined
  /** Words of the command with spaces between them. */
  command: string | undefined
  directory: string | undefined
  url: string | undefined
  /** All keys of `run`, so that a change of one keeps the others. */
  run: Record<string, unknown> | undefined
  /** The value of `simulate`. */
  simulate: Record<string, unknown> | undefined
  concurrency: string | undefined
  retry: Record<string, unknown> | undefined
}

const read = (text: string): Document => parseDocument(text, { keepSourceTokens: true })

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

/** A map, unchanged; undefined for anything else. */
export const asMap = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A single value as text, whatever its type; undefined if nothing or a group of values is written. */
export const written = (value: unknown): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value)

/** The services of a lab file in its order; as far as it can be read, however wrong the rest is. */
export function servicesIn(text: string): DraftService[] {
  const services = asMap(plainOf(read(text)))?.services
  return Object.entries(asMap(services) ?? {}).map(([name, value]) => {
    const service = asMap(value) ?? {}
    const run = asMap(service.run)
    return {
      name,
      body: bodyKeysOfForm.find((key) => service[key] !== undefined) ?? 'source',
      receives: textsOf(service.receives),
      sends: textsOf(service.sends),
      replicas: written(service.replicas),
      idempotent: typeof service.idempotent === 'boolean' ? service.idempotent : undefined,
      builtin: textOf(service.builtin),
      command: run === undefined ? undefined : commandText(textsOf(run.command)),
      directory: textOf(run?.directory),
      url: textOf(service.url),
      run,
      simulate: asMap(service.simulate),
      concurrency: written(service.concurrency),
      retry: asMap(service.retry),
    }
  })
}

/** A service as the graph draws it before it runs. */
export const drawnOf = (service: DraftService): DrawnService => ({
  name: service.name,
  receives: service.receives,
  sends: service.sends,
  runs: runsOf(service),
})

function runsOf({ body, command, builtin, url }: DraftService): string {
  switch (body) {
    case 'run':
      return command ?? ''
    case 'builtin':
      return builtin === 'email' ? 'built-in e-mail' : `built-in ${builtin ?? 'worker'}`
    case 'url':
      return url ?? ''
    case 'simulate':
      return 'simulated'
    case 'source':
      return 'built-in source'
  }
}

/** Names of the events that a lab file describes, sends or receives. */
export function eventsIn(text: string): string[] {
  const described = Object.keys(asMap(asMap(plainOf(read(text)))?.events) ?? {})
  return [...new Set([...described, ...servicesIn(text).flatMap(({ receives, sends }) => [...receives, ...sends])])]
}

function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

/** Values of a service's keys; undefined takes a key away. */
export type ServiceChange = Partial<Record<string, unknown>>

/** The text with keys of a service changed. Everything else stays as it was written. A text that is not YAML is returned as it is. */
export const changeService = (text: string, name: string, change: ServiceChange): string =>
  Object.entries(change).reduce(
    (so, [key, value]) =>
      value === undefined
        ? deleteIn(so, ['services', name], key)
        : // Without this a name that is not a service would get one.
          servicesIn(so).some((service) => service.name === name)
          ? setIn(so, ['services', name], key, value)
          : so,
    text,
  )

/** The text with a service more, at the end; `name` is free. */
export const addService = (text: string, name: string, service: Record<string, unknown>): string =>
  setIn(text, ['services'], name, service)

/** The text without a service. */
export const removeService = (text: string, name: string): string => deleteIn(text, ['services'], name)

/** A name that no service has: `service`, `service-2`. */
export function freeName(text: string): string {
  const taken = new Set(servicesIn(text).map(({ name }) => name))
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'service' : `service-${number}`
    if (!taken.has(name)) return name
  }
}

/** What is made of a word with spaces or quotes in a command. */
const plainWord = /^[^\s"'\\]+$/

export const commandText = (words: readonly string[]): string =>
  words.map((word) => (plainWord.test(word) ? word : JSON.stringify(word))).join(' ')

/** The words of a command; a part in double or single quotes is one word. */
export function commandWords(text: string): string[] {
  const words: string[] = []
  for (const [, double, single, plain] of text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)) {
    words.push(double !== undefined ? double.replace(/\\(.)/g, '$1') : (single ?? plain ?? ''))
  }
  return words
}

/** Keys and indexes from the root to what is at an offset: `services.warehouse.receives[0]`. */
export function pathAt(text: string, offset: number): string {
  const path: (string | number)[] = []
  let node: unknown = read(text).contents
  for (;;) {
    const items: unknown[] = isCollection(node) ? node.items : []
    const at = items.findIndex((item) => spans(item, offset))
    const item = items[at]
    if (isPair(item)) {
      if (isScalar(item.key)) path.push(String(item.key.value))
      if (spansNode(item.key, offset)) break
      node = item.value
    } else if (isSeq(node) && at >= 0) {
      path.push(at)
      node = item
    } else break
  }
  return path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${part}`)).join('')
}

function spansNode(node: unknown, offset: number): boolean {
  const range = isScalar(node) || isCollection(node) ? node.range : undefined
  return range !== undefined && range !== null && offset >= range[0] && offset <= range[1]
}

const spans = (item: unknown, offset: number): boolean =>
  isPair(item) ? spansNode(item.key, offset) || spansNode(item.value, offset) : spansNode(item, offset)
