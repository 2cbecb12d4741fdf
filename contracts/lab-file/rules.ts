import { defaultRetryPolicy } from '../brokers/retry-policy.ts'
import { builtinWorkerNames, builtinWorkers } from '../builtin-workers.ts'
import { closestName } from '../yaml-document/closest-name.ts'
import type { YamlDocument } from '../yaml-document/read-yaml.ts'
import type { EventInput, FlowInput, ServiceInput } from './input.ts'
import type { LabFileProblem } from './problem.ts'
import { millisecondsOf } from './quantities.ts'

/** What a service can be made of. */
export const bodyKeys = ['builtin', 'run', 'url', 'simulate'] as const

/** The keys of a service that have their form, and which bodies it names, whatever their form. */
export type FormedService = ServiceInput & { bodies: readonly (typeof bodyKeys)[number][] }

/** The parts of a lab file that have their form. */
export interface FormedParts {
  events: ReadonlyMap<string, EventInput>
  services: ReadonlyMap<string, FormedService>
  flows: ReadonlyMap<string, FlowInput>
}

/** Names of what else runs in a lab: processes, log files and links are called by them. */
const taken = new Set([
  ...['web', 'supervisor', 'postgres', 'redis', 'kafka', 'kafka-controller', 'sns-sqs', 'sns-sqs-redis', 'mailbox'],
  ...['broker', 'database', 'smtp', 'migrate', 'lab'],
])

/** Whether no service can have this name, whatever else is in the lab. */
export const isReservedServiceName = (name: string): boolean => taken.has(name) || name.endsWith(deadLetterEnding)
const deadLetterEnding = '-dead-letters'

/** What a lab file says that no lab can be, though it has the form of one. */
export function ruleProblems(parts: FormedParts, document: YamlDocument): LabFileProblem[] {
  const problems: LabFileProblem[] = []
  const wrong: Wrong = (path, cause, { remedy = '', at } = {}) =>
    void problems.push(document.problemAt(path, cause, remedy, at))
  const { services, flows } = parts
  const sent = new Set([...services.values()].flatMap(({ sends = [] }) => sends))

  if (![...services.values()].some(isSource)) {
    const type = [...parts.events.keys()][0] ?? 'order_placed'
    wrong(['services'], 'has no source, so nothing could be published', {
      at: 'key',
      remedy: `add one that only sends: shop: { sends: [${type}] }`,
    })
  }
  for (const [name, service] of services) {
    nameRules(name, services, wrong)
    bodyRules(name, service, wrong)
    for (const [index, type] of (service.receives ?? []).entries())
      if (!sent.has(type)) wrong(['services', name, 'receives', index], `no service sends ${type}`, near(type, sent))
    simulationRules(name, service, wrong)
    retryRules(name, service, wrong)
    effectRules(name, service, wrong)
  }
  for (const builtin of builtinWorkerNames.filter((name) => builtinWorkers[name].effect !== undefined)) {
    const [first, ...others] = [...services].filter(([, service]) => service.builtin === builtin).map(([name]) => name)
    const why = builtin === 'email' ? 'mails do not say which of two sent them' : 'both would write the same rows'
    for (const name of others)
      wrong(['services', name, 'builtin'], `${first} is \`builtin: ${builtin}\` already, and ${why}`, {
        remedy: `let ${first} receive these events too`,
      })
  }
  const startedBy = new Map<string, string>()
  for (const [name, { starts, ends }] of flows) {
    const first = startedBy.get(starts)
    if (first === undefined) startedBy.set(starts, name)
    else
      wrong(['flows', name, 'starts'], `${starts} starts the flow ${first} already, and an event starts one flow`, {
        remedy: `name its ends under ${first}, or start with another event`,
      })
    if (!sent.has(starts)) wrong(['flows', name, 'starts'], `no service sends ${starts}`, near(starts, sent))
    for (const [index, type] of ends.entries()) {
      const path = ['flows', name, 'ends', index]
      if (type === starts) wrong(path, 'is where the flow starts')
      else if (!sent.has(type)) wrong(path, `no service sends ${type}`, near(type, sent))
    }
  }
  return problems
}

/** Adds a problem at a path, or at its key. */
type Wrong = (path: readonly PropertyKey[], cause: string, more?: { remedy?: string; at?: 'key' }) => void

/** It receives nothing and is no program: the publish form and bursts speak through it. */
const isSource = ({ receives = [], bodies }: FormedService): boolean => receives.length === 0 && bodies.length === 0

const near = (name: string, known: Iterable<string>): { remedy: string } => {
  const closest = closestName(name, known)
  return closest === undefined
    ? { remedy: `add ${name} to the \`sends\` of one; a source needs no code for it` }
    : { remedy: `closest is ${closest}` }
}

function nameRules(name: string, services: ReadonlyMap<string, unknown>, wrong: Wrong): void {
  const place = ['services', name]
  if (taken.has(name))
    wrong(place, 'is the name of a part of the lab', { at: 'key', remedy: `call it ${name}-service` })
  if (name.endsWith(deadLetterEnding))
    wrong(place, 'ends like a dead-letter queue', { at: 'key', remedy: 'choose another name' })
  const [, stem, number] = /^(.+)-(\d+)$/.exec(name) ?? []
  if (stem !== undefined && services.has(stem))
    wrong(place, `is what replica ${number} of ${stem} is called`, { at: 'key', remedy: 'choose another name' })
}

function bodyRules(name: string, { receives = [], sends = [], bodies }: FormedService, wrong: Wrong): void {
  const place = ['services', name]
  const [first, ...others] = bodies
  for (const body of others)
    wrong([...place, body], `is given beside \`${first}\``, { at: 'key', remedy: 'a service is made of one of them' })
  if (receives.length > 0 && first === undefined)
    wrong(place, 'receives events and nothing takes them', { at: 'key', remedy: `give one of ${bodyKeys.join(', ')}` })
  if (receives.length > 0) return
  if (first !== undefined && first !== 'run')
    wrong([...place, first], 'would never be called', { at: 'key', remedy: 'name the events that it `receives`' })
  if (first === undefined && sends.length === 0)
    wrong(place, 'neither receives nor sends', { at: 'key', remedy: 'name the events that it `sends`' })
}

function simulationRules(name: string, { simulate, sends = [] }: ServiceInput, wrong: Wrong): void {
  const place = ['services', name, 'simulate']
  for (const type of Object.keys(simulate?.sends ?? {}))
    if (!sends.includes(type))
      wrong([...place, 'sends', type], 'is not among what it sends', {
        at: 'key',
        ...(closestName(type, sends) === undefined ? { remedy: `add ${type} to its \`sends\`` } : near(type, sends)),
      })
  const { p50, p99, fixed } = simulate?.work ?? {}
  if (simulate?.work === undefined) return
  const isWhole = fixed === undefined ? p50 !== undefined && p99 !== undefined : p50 === undefined && p99 === undefined
  if (!isWhole) wrong([...place, 'work'], 'must be { p50, p99 } or { fixed }')
  else if (p50 !== undefined && p99 !== undefined && millisecondsOf(p99) < millisecondsOf(p50))
    wrong([...place, 'work', 'p99'], `must be at least p50, which is ${p50}`)
}

function retryRules(name: string, { retry }: ServiceInput, wrong: Wrong): void {
  if (retry === undefined) return
  const initial =
    retry.initialInterval === undefined ? defaultRetryPolicy.initialIntervalMs : millisecondsOf(retry.initialInterval)
  const maximum =
    retry.maximumInterval === undefined ? defaultRetryPolicy.maximumIntervalMs : millisecondsOf(retry.maximumInterval)
  if (maximum < initial)
    wrong(
      ['services', name, 'retry', retry.maximumInterval === undefined ? 'initialInterval' : 'maximumInterval'],
      `the longest wait, ${maximum} ms, is shorter than the first, ${initial} ms`,
    )
}

function effectRules(name: string, { effect, builtin, url, concurrency, bodies }: FormedService, wrong: Wrong): void {
  const place = ['services', name]
  const isCalled = bodies.some((body) => body !== 'builtin')
  if (concurrency !== undefined && !isCalled)
    wrong([...place, 'concurrency'], 'holds for what the lab calls, and it calls no program here', {
      at: 'key',
      remedy: 'leave it out',
    })
  if (effect !== undefined && Object.keys(effect).length !== 1)
    wrong([...place, 'effect'], 'must be either `sql` or `http`')
  if (effect !== undefined && builtin !== undefined)
    wrong([...place, 'effect'], 'is known already: the lab looks up what its own workers do', {
      at: 'key',
      remedy: 'leave it out',
    })
  if (url !== undefined && !url.startsWith('$') && !(URL.canParse(url) && /^https?:/.test(url)))
    wrong([...place, 'url'], 'must be an http or https address, or $NAME of a variable with one')
}
