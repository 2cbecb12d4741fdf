import type { RowTable } from '../../events/event-type.ts'
import { type Difference, dataOf, difference, type PublishedEvent } from './declared-event.ts'
import { fieldOf, isNull, isSame, type JsonValue, jsonValueAt, printed, readJson } from './json-value.ts'
import {
  type ChildDeclaration,
  type ColumnSource,
  type RowDeclaration,
  rowDeclarations,
  tableRows,
} from './row-declarations.ts'

/** The row that has to be there for an event, as long as no newer event of its key does. */
export interface ExpectedRow {
  table: RowDeclaration['table']
  /** Column that identifies the row, and its value. */
  keyColumn: string
  key: string
  columns: Record<string, JsonValue>
  /** By table, in the order of their position. */
  children: Record<string, Record<string, JsonValue>[]>
}

/** A row as the database has it. JSON as `to_jsonb` prints it, which keeps every digit of a number. */
export interface StoredRow {
  table: string
  /** The row as a JSON object. */
  row: string
  /** By table, the child rows as a JSON array of objects. */
  children: Record<string, string>
}

const nothing: JsonValue = { kind: 'literal', text: 'null' }

/** What follows from an event; undefined if its data has not what the declaration asks for, so that no row can be. */
export function expectedRow(event: PublishedEvent): ExpectedRow | undefined {
  const data = dataOf(event)
  if (event.isGeneric === true && event.table !== undefined) return rowOfTable(event, event.table, data)
  const declared = declarationOf(event)
  const columns = columnsOf(declared.columns, event, data)
  const key = columns?.[declared.key]
  if (columns === undefined || key?.kind !== 'string') return undefined
  const children: ExpectedRow['children'] = {}
  for (const child of declared.children ?? []) {
    const rows = childrenOf(child, event, data, key)
    if (rows === undefined) return undefined
    children[child.table] = rows
  }
  return { table: declared.table, keyColumn: declared.key, key: key.text, columns, children }
}

/** The row of a table that the lab file declares. */
function rowOfTable(event: PublishedEvent, { name, key, columns }: RowTable, data: JsonValue): ExpectedRow | undefined {
  const fields = new Map(
    Object.entries(columns).map(([column, path]): [string, JsonValue] => {
      if (path === 'id' || path === 'type') return [column, { kind: 'string', text: event[path] }]
      const names = path.split('.').slice(1)
      return [column, names.reduce<JsonValue | undefined>(fieldIn, data) ?? nothing]
    }),
  )
  const value = fields.get(key)
  if (value?.kind !== 'string') return undefined
  const ref: JsonValue = { kind: 'string', text: `${name}/${value.text}` }
  const written = { [tableRows.key]: ref, [tableRows.columns]: { kind: 'object', fields } as const }
  return {
    ...{ table: tableRows.table, keyColumn: tableRows.key, key: ref.text },
    columns: { ...written, message_id: { kind: 'string', text: event.id } },
    children: {},
  }
}

/** A field of an object; an array has none. */
const fieldIn = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  value?.kind === 'object' ? value.fields.get(name) : undefined

const declarationOf = ({ type, isGeneric }: PublishedEvent): RowDeclaration => {
  const own = rowDeclarations[isGeneric !== true && Object.hasOwn(rowDeclarations, type) ? type : '*']
  if (own === undefined) throw new Error(`no row is declared for ${type}`)
  return own
}

function columnsOf(
  sources: Readonly<Record<string, ColumnSource>>,
  event: PublishedEvent,
  data: JsonValue,
): Record<string, JsonValue> | undefined {
  const columns: Record<string, JsonValue> = {}
  for (const [name, source] of Object.entries(sources)) {
    const found =
      source.from === 'event'
        ? ({ kind: 'string', text: event[source.field] } as const)
        : jsonValueAt(data, source.pointer)
    const value = found ?? (source.from === 'data' && source.orNull ? nothing : undefined)
    if (value === undefined) return undefined
    columns[name] = value
  }
  return columns
}

function childrenOf(
  child: ChildDeclaration,
  event: PublishedEvent,
  data: JsonValue,
  key: JsonValue,
): Record<string, JsonValue>[] | undefined {
  const items = jsonValueAt(data, child.each)
  if (items?.kind !== 'array') return undefined
  const rows: Record<string, JsonValue>[] = []
  for (const [index, item] of items.items.entries()) {
    const columns = columnsOf(child.columns, event, item)
    if (columns === undefined) return undefined
    rows.push({ [child.parent]: key, [child.position]: { kind: 'number', text: String(index) }, ...columns })
  }
  return rows
}

/** How a stored row differs from what its event says; empty if it does not. `stored` undefined: no row is under the key. */
export function compareRow(event: PublishedEvent, stored: StoredRow | undefined): Difference[] {
  const expected = expectedRow(event)
  if (expected === undefined) {
    return stored === undefined ? [] : [difference('row', 'none, since the data is not of its type', stored.row)]
  }
  if (stored === undefined) return [difference('row', `${expected.table}/${expected.key}`, undefined)]
  const { table } = expected
  if (stored.table !== table) return [difference('table', table, stored.table)]
  return [
    ...compareColumns(table, expected.columns, readJson(stored.row)),
    ...Object.entries(expected.children).flatMap(([name, rows]) => compareChildren(name, rows, stored.children[name])),
  ]
}

function compareColumns(
  where: string,
  expected: Record<string, JsonValue>,
  actual: JsonValue | undefined,
): Difference[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const found = fieldOf(actual, name)
    if (found !== undefined && isSame(value, found)) return []
    return [difference(`${where}.${name}`, shown(value), found && shown(found))]
  })
}

function compareChildren(table: string, expected: Record<string, JsonValue>[], json = '[]'): Difference[] {
  const found = readJson(json)
  const rows = found.kind === 'array' ? inOrder(found.items) : []
  const differences = rows.length === expected.length ? [] : [difference(table, count(expected), count(rows))]
  for (const [index, row] of expected.entries()) {
    if (rows[index] !== undefined) differences.push(...compareColumns(`${table}[${index}]`, row, rows[index]))
  }
  return differences
}

/** However the store was read, child rows are compared by their position. */
function inOrder(rows: JsonValue[]): JsonValue[] {
  const positionOf = (row: JsonValue): number => {
    const position = fieldOf(row, 'position')
    return position?.kind === 'number' ? Number(position.text) : Number.POSITIVE_INFINITY
  }
  return rows.toSorted((a, b) => positionOf(a) - positionOf(b))
}

const count = (rows: unknown[]): string => `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`

const shown = (value: JsonValue): string => {
  if (value.kind === 'string') return value.text
  return isNull(value) ? 'null' : printed(value)
}
