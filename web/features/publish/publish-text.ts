import { curlTo } from '../curl/curl.ts'
import { type JsonPlace, parsePlacedJson } from '../json/json-positions.ts'
import { printJson } from '../json/print-json.ts'

/** The body of `POST /event`, as the form holds it: its data need not be valid yet. */
export interface PublishBody {
  type: string
  key?: string
  data: Record<string, unknown>
}

export type PublishText =
  | { ok: true; body: PublishBody; places: Map<string, JsonPlace> }
  | { ok: false; message: string; line: number; from: number }

/** The body as the JSON pane shows it. */
export const textOf = ({ type, key, data }: PublishBody): string =>
  printJson({ type, ...(key === undefined ? {} : { key }), data })

/** The publish as a command for a POSIX shell. `origin` as in `http://localhost:3000`. */
export const curlOf = (body: PublishBody, origin: string): string => curlTo('/event', body, origin)

/** Reads an edited text back; what cannot become a form is reported with its line. */
export function bodyOf(text: string): PublishText {
  const parsed = parsePlacedJson(text)
  if (!parsed.ok) return { ok: false, message: parsed.message, line: parsed.line, from: parsed.from }
  const at = (pointer: string, message: string): PublishText => {
    const place = parsed.places.get(pointer) ?? parsed.places.get('')
    return { ok: false, message, line: place?.line ?? 1, from: place?.from ?? 0 }
  }
  const { value } = parsed
  if (!isObject(value)) return at('', 'must be an object with type and data')
  const { type, key, data, ...rest } = value
  const [extra] = Object.keys(rest)
  if (extra !== undefined) return at(`/${extra}`, `${extra} is not a field of a publish: type, key and data are`)
  if (typeof type !== 'string') return at('/type', 'type must be the name of an event type')
  if (key !== undefined && (typeof key !== 'string' || key === '')) return at('/key', 'key must be a text')
  if (!isObject(data)) return at('/data', 'data must be an object')
  return { ok: true, body: { type, ...(key === undefined ? {} : { key }), data }, places: parsed.places }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
