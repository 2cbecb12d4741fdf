import { dirname } from 'node:path'
import type { z } from 'zod'
import type { EventTypeDefinition } from '../events/event-type.ts'
import { type LabDeclaration, labDeclaration } from '../lab-declaration.ts'
import { inFileOrder } from '../yaml-document/file-problem.ts'
import type { YamlDocument } from '../yaml-document/read-yaml.ts'
import { readBySchema } from '../yaml-document/schema-problems.ts'
import { type CheckData, eventOf, undescribedEvent } from './events.ts'
import { eventInput, type FlowInput, flowInput, type LabFileInput, labFileInput, serviceInput } from './input.ts'
import type { LabFileProblem } from './problem.ts'
import { wholeMillisecondsOf } from './quantities.ts'
import { referencesFrom } from './references.ts'
import { bodyKeys, type FormedParts, ruleProblems } from './rules.ts'
import { directoryProblem, serviceOf } from './services.ts'
import { readLabYaml } from './yaml-source.ts'

export type ReadLabFile = { ok: true; lab: LabDeclaration } | { ok: false; problems: LabFileProblem[] }

/** Events that may follow one another where the file does not say how many. */
const defaultHopLimit = 32

/**
 * The lab that a lab file declares, with everything that it refers to; or every problem that it has, in the order of the file.
 * @param file its absolute path: references are relative to its folder
 * @param check checks the examples of events against their schemas
 */
export async function readLabFile(text: string, file: string, check: CheckData): Promise<ReadLabFile> {
  const document = readLabYaml(text)
  if (document.value === undefined && document.problems.length > 0)
    return { ok: false, problems: inFileOrder(document.problems) }
  const { data, problems } = readBySchema(labFileInput, document.value, document)
  // Of a key that is there twice only one is read: what the other would have been must not be missed elsewhere.
  if (document.problems.length > 0) return { ok: false, problems: inFileOrder([...document.problems, ...problems]) }
  // What has its form is looked at further even where something else has not, so that every problem is reported at once.
  const parts = formedParts(document.value)
  problems.push(...ruleProblems(parts, document))
  const folder = dirname(file)
  const events = await eventsOf(parts, document, folder, check, problems)
  for (const [name, { run }] of parts.services) {
    const reason = run?.directory === undefined ? undefined : await directoryProblem(run.directory, folder)
    if (reason !== undefined)
      problems.push(document.problemAt(['services', name, 'run', 'directory'], reason, 'make it, or name another'))
  }
  if (data === undefined || problems.length > 0) return { ok: false, problems: inFileOrder(problems) }
  const declaration = declarationOf(data, file, events)
  const checked = labDeclaration.safeParse(declaration)
  if (checked.success) return { ok: true, lab: checked.data }
  return { ok: false, problems: inFileOrder(checked.error.issues.map(problemOf(declaration, document))) }
}

/**
 * What a declaration cannot be, at the service, flow or event of which it is. The form and the rules of the file should find everything
 * that this finds, and at its own place; what they leave out is a problem of the file all the same.
 */
export const problemOf =
  (declaration: LabDeclaration, document: YamlDocument) =>
  ({ path: [list, index, ...rest], message }: z.core.$ZodIssue): LabFileProblem => {
    const known = list === 'services' || list === 'flows' || list === 'events' ? declaration[list] : []
    const name = known[Number(index)]?.name
    const place = name === undefined || list === undefined ? [] : [list, name]
    const inside = name === undefined ? [list, index, ...rest].filter((segment) => segment !== undefined) : rest
    const cause = inside.length === 0 ? message : `cannot be declared: ${inside.map(String).join('.')}: ${message}`
    return document.problemAt(place, cause, '', 'key')
  }

function declarationOf(input: LabFileInput, file: string, events: Map<string, EventTypeDefinition>): LabDeclaration {
  const around = { events, folder: dirname(file), processes: input.processes }
  return {
    name: input.metadata.name,
    file,
    events: [...events.values()],
    services: Object.entries(input.services).map(([name, service]) => serviceOf(name, service, around)),
    flows: Object.entries(input.flows ?? {}).map(([name, { starts, ends, within }]) => ({
      ...{ name, starts, ends: [...new Set(ends)] },
      withinMs: wholeMillisecondsOf(within),
    })),
    hopLimit: input.hopLimit ?? defaultHopLimit,
  }
}

async function eventsOf(
  { events, services }: FormedParts,
  document: YamlDocument,
  folder: string,
  check: CheckData,
  problems: LabFileProblem[],
): Promise<Map<string, EventTypeDefinition>> {
  const read = referencesFrom(folder)
  const known = new Map<string, EventTypeDefinition>()
  for (const [name, input] of events) {
    const type = await eventOf(name, input, { document, read, check }, problems)
    if (type !== undefined) known.set(name, type)
  }
  for (const type of [...services.values()].flatMap(({ sends = [] }) => sends))
    if (!events.has(type)) known.set(type, undescribedEvent(type))
  return known
}

/** Each event, service and flow with those of its keys that have their form. */
function formedParts(value: unknown): FormedParts {
  const entries = (key: string): [string, unknown][] => {
    const map = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
    return isMap(map) ? Object.entries(map) : []
  }
  return {
    events: new Map(entries('events').map(([name, given]) => [name, formedKeys(eventInput, given)])),
    services: new Map(
      entries('services').map(([name, given]) => [
        name,
        {
          ...formedKeys(serviceInput, given),
          bodies: bodyKeys.filter((key) => isMap(given) && Object.hasOwn(given, key)),
        },
      ]),
    ),
    flows: new Map(
      entries('flows').flatMap(([name, given]): [string, FlowInput][] => {
        const { data } = flowInput.safeParse(given)
        return data === undefined ? [] : [[name, data]]
      }),
    ),
  }
}

/** A map without the keys that do not have their form. */
function formedKeys<Shape extends Record<string, z.ZodOptional>>(
  { shape }: z.ZodObject<Shape>,
  given: unknown,
): z.output<z.ZodObject<Shape>> {
  const formed = Object.entries(isMap(given) ? given : {}).flatMap(([key, value]) => {
    const parsed = Object.hasOwn(shape, key) ? shape[key]?.safeParse(value) : undefined
    return parsed?.success ? [[key, parsed.data]] : []
  })
  return Object.fromEntries(formed) as z.output<z.ZodObject<Shape>>
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
