import { basename, dirname, relative } from 'node:path'
import { Document, isMap, type Node, type ScalarTag, visit } from 'yaml'
import { ExactJson } from '#contracts/events/exact-json.ts'
import { asyncApiExtensions } from '#contracts/lab-file/async-api-extensions.ts'
import { asyncApiMessage } from '#contracts/lab-file/async-api-message.ts'
import type { EventInput } from '#contracts/lab-file/input.ts'
import { readLabFile } from '#contracts/lab-file/read-lab-file.ts'
import { type ReadReference, referencesFrom } from '#contracts/lab-file/references.ts'
import { openSchemaCheck } from '#contracts/lab-file/schema-check.ts'
import { isSchemaObject } from '#contracts/schemas/walk-schema.ts'
import type { FileProblem } from '#contracts/yaml-document/file-problem.ts'
import type { ImportedEvent, ImportedLab } from './imported-lab.ts'
import { eventNameOf } from './valid-names.ts'

export interface ImportedLabText {
  text: string
  notes: string[]
  /** Why it is not a lab all the same. */
  problems: FileProblem[]
}

interface LabTextOptions {
  name: string
  /** Where the lab file will be. Absolute: references are relative to its folder. */
  file: string
  /** Schemas are written into the lab file, which then needs no document. */
  inline: boolean
  /** Paths of the imported documents, for the comment at the top of the file. */
  documents: readonly string[]
}

/** Formats of schemas that a lab can read. */
const jsonSchema = /^application\/(vnd\.aai\.asyncapi(\+(json|yaml))?|schema\+(json|yaml))(;|$)/

/** A lab file that runs at once: an event whose schema a lab cannot use may hold any object, and a note says so. */
export async function labText(lab: ImportedLab, options: LabTextOptions): Promise<ImportedLabText> {
  const read = referencesFrom(dirname(options.file))
  const notes = new Set(lab.notes)
  const events = new Map<string, EventInput>()
  for (const [name, event] of lab.events) events.set(name, await eventInput(name, event, read, options, notes))
  const { check, close } = openSchemaCheck()
  try {
    for (;;) {
      const text = written(lab, events, options)
      const result = await readLabFile(text, options.file, check)
      const problems = result.ok ? [] : result.problems
      const unusable = problems.flatMap(({ path, cause }) => {
        const name = /^\/events\/([^/]+)\//.exec(path)?.[1]
        return name === undefined ? [] : [{ name, cause }]
      })
      if (unusable.length === 0) return { text, notes: [...notes], problems }
      for (const { name, cause } of unusable) {
        notes.add(`${name} may hold any object: its schema ${cause}`)
        events.set(name, {})
      }
    }
  } finally {
    await close()
  }
}

async function eventInput(
  name: string,
  { operation, address }: ImportedEvent,
  read: ReadReference,
  { file, inline }: LabTextOptions,
  notes: Set<string>,
): Promise<EventInput> {
  const { message } = operation
  const path = relative(dirname(file), message.file.path)
  const reference = `${path.startsWith('.') ? path : `./${path}`}#${message.pointer}`
  const value = isSchemaObject(message.value) ? message.value : {}
  const topic = address === undefined ? name : eventNameOf(address)
  if (address !== undefined && topic !== address) notes.add(`the channel ${address} is the topic ${topic}`)
  const { [asyncApiExtensions.version]: version, [asyncApiExtensions.key]: key } = value
  const own: EventInput = {
    ...(topic === name ? {} : { topic }),
    ...(typeof version === 'number' ? { version } : {}),
    ...(typeof key === 'string' ? { key } : {}),
  }
  const said = await asyncApiMessage(reference, read)
  const reason = said.ok ? unusable(value, said.schema) : said.reason
  if (reason !== undefined || !said.ok) {
    notes.add(`${name} may hold any object: ${reason}`)
    return own
  }
  if (!inline) return { asyncapi: reference, ...own }
  return { schema: said.schema, ...(said.example === undefined ? {} : { example: said.example }), ...own }
}

/** Why the schema of a message says nothing of the data of an event. */
function unusable(message: Record<string, unknown>, schema: Record<string, unknown>): string | undefined {
  const payload = isSchemaObject(message.payload) ? message.payload : {}
  const format = payload.schemaFormat ?? message.schemaFormat
  if (typeof format === 'string' && !jsonSchema.test(format)) return `its schema is ${format}, which a lab cannot read`
  const types = [schema.type ?? 'object'].flat()
  return types.includes('object')
    ? undefined
    : `its payload is ${types.join(' or ')}, and the data of an event is an object`
}

/** A number of more digits than JavaScript has room for is written as it was read. */
const exactNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => value instanceof ExactJson,
  resolve: Number,
  stringify: ({ value }) => String(value),
}

function written({ services }: ImportedLab, events: ReadonlyMap<string, EventInput>, options: LabTextOptions): string {
  const value = {
    apiVersion: 'faultline/v1',
    kind: 'Lab',
    metadata: { name: options.name },
    ...(events.size === 0 ? {} : { events: Object.fromEntries(events) }),
    services: Object.fromEntries(
      [...services].map(([name, { receives, sends }]) => [
        name,
        {
          ...(receives.size === 0 ? {} : { receives: [...receives] }),
          ...(sends.size === 0 ? {} : { sends: [...sends] }),
          ...(receives.size === 0 ? {} : { simulate: {} }),
        },
      ]),
    ),
  }
  const document = new Document(value, { customTags: (tags) => [exactNumber, ...tags] })
  document.commentBefore = ` Made of ${options.documents.map((path) => basename(path)).join(', ')} by \`faultline import asyncapi\`. Put \`run\` or \`url\` in place of \`simulate\` where a program is to do the work.`
  // What is short is on one line, as in a file that a person wrote.
  visit(document, {
    Map: (_, node, path) => {
      if (path.length >= 4 && !isLarge(node)) {
        node.flow = true
        return visit.SKIP
      }
      return undefined
    },
  })
  return document.toString({ lineWidth: 160, flowCollectionPadding: true })
}

function isLarge(node: Node): boolean {
  return isMap(node) && node.has('schema')
}
