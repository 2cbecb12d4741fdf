import { z } from 'zod'
import { nameRemedy } from '../yaml-document/closest-name.ts'
import type { FileProblem } from '../yaml-document/file-problem.ts'
import type { YamlDocument } from '../yaml-document/read-yaml.ts'
import { readBySchema } from '../yaml-document/schema-problems.ts'
import { type ScenarioFile, scenarioParts } from './scenario-file.ts'

/** Lists of the file; what is wrong with one item hides nothing of the others. */
const lists = ['phases', 'faults', 'steps', 'steadyState', 'assertions', 'abortOn'] as const
type ListName = (typeof lists)[number]

/** An item of a list, with its place in the file. */
export interface DraftItem<Value> {
  value: Value
  path: readonly PropertyKey[]
}

/** An item of a list that could not be read: what it has, and which of its keys nothing is wrong with yet. */
export interface UnreadItem {
  list: ListName
  value: Record<string, unknown>
  path: readonly PropertyKey[]
  isRight: (key: string) => boolean
}

/** What could be read of a file: parts that could not are absent, items that could not are left out. */
export interface Draft {
  document: YamlDocument
  parts: Partial<Omit<ScenarioFile, ListName>>
  phases: DraftItem<ScenarioFile['phases'][number]>[]
  faults: DraftItem<ScenarioFile['faults'][number]>[]
  steps: DraftItem<ScenarioFile['steps'][number]>[]
  steadyState: DraftItem<ScenarioFile['steadyState'][number]>[]
  assertions: DraftItem<ScenarioFile['assertions'][number]>[]
  abortOn: DraftItem<ScenarioFile['abortOn'][number]>[]
  /** Every phase, fault and step that is in the file, readable or not: what names one that is unreadable is not wrong itself. */
  named: { phases: string[]; faults: string[] }
  /** Items that could not be read whole; the names in them are looked up all the same. */
  unread: UnreadItem[]
  problems: FileProblem[]
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads every part of the file by its schema. */
export function scenarioDraftOf(document: YamlDocument): Draft {
  const draft: Draft = {
    ...{ document, parts: {}, phases: [], faults: [], steps: [], steadyState: [], assertions: [], abortOn: [] },
    ...{ named: { phases: [], faults: [] }, unread: [], problems: [...document.problems] },
  }
  const { value, problems } =
    document.value === undefined || document.value === null ? empty(document) : { value: document.value, problems: [] }
  draft.problems.push(...problems)
  if (value === undefined) return draft
  if (!isGroup(value)) {
    draft.problems.push(document.problemAt([], 'a scenario is a group of keys', 'begin with apiVersion: faultline/v1'))
    return draft
  }
  const known = Object.keys(scenarioParts)
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue
    draft.problems.push(document.problemAt([key], `"${key}" is not known here`, nameRemedy(key, known), 'key'))
  }
  for (const [key, schema] of Object.entries(scenarioParts)) {
    if ((lists as readonly string[]).includes(key)) readList(draft, key as ListName, value[key])
    else {
      const read = readBySchema<z.ZodType>(schema, value[key], document, [key])
      draft.problems.push(...read.problems)
      if (read.problems.length === 0) Object.assign(draft.parts, { [key]: read.data })
    }
  }
  draft.named.phases = namesIn(value.phases, 'name')
  draft.named.faults = namesIn(value.faults, 'id')
  return draft
}

function empty(document: YamlDocument): { value: undefined; problems: FileProblem[] } {
  if (document.problems.length > 0) return { value: undefined, problems: [] }
  return {
    value: undefined,
    problems: [document.problemAt([], 'the file is empty', 'begin with apiVersion: faultline/v1')],
  }
}

function readList(draft: Draft, key: ListName, value: unknown): void {
  const { document, problems } = draft
  const schema = scenarioParts[key]
  const list = schema instanceof z.ZodArray ? schema : schema.unwrap()
  if (!Array.isArray(value)) {
    problems.push(...readBySchema<z.ZodType>(schema, value, document, [key]).problems)
    return
  }
  // Of the list itself: how many items it may have.
  const whole = readBySchema<z.ZodType>(schema, value, document, [key]).problems.filter(
    ({ path }) => path === `/${key}`,
  )
  problems.push(...whole)
  for (const [index, entry] of value.entries()) {
    const path = [key, index]
    const read = readBySchema<z.ZodType>(list.element, entry, document, path)
    problems.push(...read.problems)
    if (read.problems.length === 0) (draft[key] as DraftItem<unknown>[]).push({ value: read.data, path })
    else if (isGroup(entry))
      draft.unread.push({ list: key, value: entry, path, isRight: keysWithout(read.problems, path) })
  }
}

/** Whether no problem is at a key of the item, or below it. */
function keysWithout(problems: readonly FileProblem[], path: readonly PropertyKey[]): (key: string) => boolean {
  const wrong = new Set(problems.map((problem) => problem.path.split('/')[path.length + 1]))
  return (key) => !wrong.has(key)
}

const namesIn = (list: unknown, key: string): string[] =>
  Array.isArray(list)
    ? list.flatMap((item: unknown) => (isGroup(item) && typeof item[key] === 'string' ? [item[key]] : []))
    : []
