import { pathOfPointer } from '#contracts/json-pointer.ts'
import { isReservedServiceName } from '#contracts/lab-file/rules.ts'
import { isSchemaObject } from '#contracts/schemas/walk-schema.ts'
import type { FoundOperation } from './operations.ts'
import type { SourceFile } from './source-files.ts'
import { eventNameOf, serviceNameOf, unusedName } from './valid-names.ts'

/** A document as far as a lab is made of it. */
export interface Application {
  title: string
  file: SourceFile
  operations: readonly FoundOperation[]
}

/** An event, and where it is described: by a message of the application that sends it, else of one that receives it. */
export interface ImportedEvent {
  operation: FoundOperation
  /** Of the channels of those that send it, else of those that receive it. */
  address?: string
}

export interface ImportedService {
  receives: Set<string>
  sends: Set<string>
}

export interface ImportedLab {
  events: Map<string, ImportedEvent>
  services: Map<string, ImportedService>
  /** What a person should know of how the lab differs from the documents. */
  notes: Set<string>
}

const mostLetters = { event: 64, service: 40 }

/** Services and events of applications, under names that a lab can have. */
export function importedLab(applications: readonly Application[]): ImportedLab {
  const lab: ImportedLab = { events: new Map(), services: new Map(), notes: new Set() }
  for (const application of applications) {
    const serviceNames = new Map<string, string>()
    const eventNames = new Map<string, string>()
    if (application.operations.length === 0)
      lab.notes.add(`${application.title} has no operations, so it is not a service of the lab`)
    for (const operation of application.operations) {
      const event = eventOf(operation, eventNames, lab)
      const given = operation.service ?? application.title
      const name = serviceNames.get(given) ?? newService(given, lab)
      serviceNames.set(given, name)
      lab.services.get(name)?.[operation.action === 'send' ? 'sends' : 'receives'].add(event)
    }
  }
  addSource(lab)
  return lab
}

function newService(given: string, { services, notes }: ImportedLab): string {
  const isTaken = (name: string): boolean => isReservedServiceName(name) || isNearReplica(name, services)
  const wanted = serviceNameOf(given)
  const name = unusedName(
    isReservedServiceName(wanted) ? `${wanted}-service` : wanted,
    isTaken,
    '-',
    mostLetters.service,
  )
  if (name !== given) notes.add(`the application "${given}" is the service ${name}`)
  services.set(name, { receives: new Set(), sends: new Set() })
  return name
}

/** Replicas of `payment` are called `payment-1`, `payment-2` …, and so may no other service be. */
function isNearReplica(name: string, services: ReadonlyMap<string, unknown>): boolean {
  const stem = (text: string): string => text.replace(/-\d+$/, '')
  return [...services.keys()].some((other) => other === name || other === stem(name) || stem(other) === name)
}

/** The name of the event of a message. Several applications may describe an event, each in its own document, by one name. */
function eventOf(operation: FoundOperation, known: Map<string, string>, { events, notes }: ImportedLab): string {
  const { message, address } = operation
  const key = `${message.file.path}#${message.pointer}`
  const given = messageName(operation)
  const wanted = eventNameOf(given)
  // Two messages of one document are two events.
  const isTaken = (name: string): boolean => [...known.values()].includes(name)
  const name = known.get(key) ?? unusedName(wanted, isTaken, '_', mostLetters.event)
  known.set(key, name)
  if (name !== given) notes.add(`the message "${given}" is the event ${name}`)
  const before = events.get(name)
  const isBetter = operation.action === 'send' && before?.operation.action === 'receive'
  if (before === undefined || isBetter) events.set(name, { operation, ...(address === undefined ? {} : { address }) })
  else if (before.address === undefined && address !== undefined) before.address = address
  else if (address !== undefined && before.address !== address)
    notes.add(`${name} is on ${before.address} and on ${address}; an event has one topic, so it is on the first`)
  return name
}

function messageName({ message, address }: FoundOperation): string {
  const { name, messageId } = isSchemaObject(message.value) ? message.value : {}
  if (typeof name === 'string' && name !== '') return name
  if (typeof messageId === 'string' && messageId !== '') return messageId
  // The nearest place that calls it by a name of its own.
  const named = [...message.via, message.pointer].reverse().map((pointer) => {
    const [within, key] = pathOfPointer(pointer).slice(-2)
    return within === 'messages' && key !== '' ? key : undefined
  })
  return named.find((key) => key !== undefined && !/^\d+$/.test(key)) ?? address ?? 'event'
}

/** What is received comes from somewhere, and something can be published. */
function addSource({ events, services, notes }: ImportedLab): void {
  const all = [...services.values()]
  const sent = new Set(all.flatMap(({ sends }) => [...sends]))
  const missing = [...events.keys()].filter((name) => !sent.has(name))
  const hasSource = all.some(({ receives }) => receives.size === 0)
  const [first] = events.keys()
  if (first === undefined || (missing.length === 0 && hasSource)) return
  const name = unusedName('outside', (one) => services.has(one), '-', mostLetters.service)
  const sends = missing.length === 0 ? [first] : missing
  services.set(name, { receives: new Set(), sends: new Set(sends) })
  const why = missing.length === 0 ? 'every service receives something' : 'no document sends it'
  notes.add(`the service ${name} is added, which sends ${sends.join(', ')}: ${why}`)
}
