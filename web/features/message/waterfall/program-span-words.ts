import type { ProgramSpan } from '#contracts/api/journey.ts'
import { hiddenSecret } from '#contracts/secrets.ts'

/** A span in few words: `POST` `/v1/charges` `201`, `INSERT` `charges`. */
export interface SpanWords {
  verb?: string
  what: string
  note?: string
}

/** Attributes by the names of OpenTelemetry's conventions, newest first: SDKs are of all ages. */
const names = {
  method: ['http.request.method', 'http.method'],
  url: ['url.full', 'http.url'],
  path: ['http.route', 'url.path', 'http.target'],
  status: ['http.response.status_code', 'http.status_code'],
  statement: ['db.query.text', 'db.statement'],
  operation: ['db.operation.name', 'db.operation'],
  table: ['db.collection.name', 'db.sql.table'],
  system: ['db.system.name', 'db.system'],
  error: ['error.type', 'exception.type'],
} as const

const read = ({ attributes }: Pick<ProgramSpan, 'attributes'>, of: keyof typeof names): string | undefined =>
  names[of].map((name) => attributes[name]).find((value) => value !== undefined && value !== '')

/** What a span did, by its attributes where they say so, else by its name. */
export function spanWords(span: ProgramSpan): SpanWords {
  const failure = span.state === 'error' ? (read(span, 'error') ?? 'failed') : undefined
  const method = read(span, 'method')
  if (method !== undefined) {
    const note = read(span, 'status') ?? failure
    return { verb: method, what: pathOf(span) ?? span.name, ...(note === undefined ? {} : { note }) }
  }
  const note = failure === undefined ? {} : { note: failure }
  const statement = read(span, 'statement')
  if (statement === undefined && read(span, 'system') === undefined) return { what: span.name || 'a span', ...note }
  const verb = read(span, 'operation') ?? /^\s*([a-z]+)/i.exec(statement ?? '')?.[1]?.toUpperCase()
  const what = read(span, 'table') ?? tableIn(statement) ?? span.name
  return { ...(verb === undefined || verb === what ? {} : { verb }), what, ...note }
}

/** What a span asked: the statement, or the address. */
export const spanRequest = (span: ProgramSpan): string | undefined => read(span, 'statement') ?? read(span, 'url')

function pathOf(span: ProgramSpan): string | undefined {
  const url = read(span, 'url')
  const path = url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined
  // The only address of the lab whose whole path is a secret.
  if (path === `/${hiddenSecret}`) return 'K_SINK'
  return span.kind === 'server' ? (read(span, 'path') ?? path) : (path ?? read(span, 'path'))
}

const tableIn = (statement: string | undefined): string | undefined =>
  /\b(?:into|from|update|table(?: if not exists)?) +["'`[]?([\w.$]{1,100})/i.exec(statement ?? '')?.[1]
