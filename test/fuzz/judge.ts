import { problem } from '#contracts/errors.ts'

/** What came back for a request. */
export interface FuzzAnswer {
  status: number
  contentType: string
  text: string
  ms: number
}

/** 5xx that say that a part which a fault took away is not there. */
const awayCodes = new Set([
  ...['publish_failed', 'producer_down', 'database_down', 'broker_down', 'broker_switching', 'validation_busy'],
  'publish_indeterminate',
])
/** Codes of bad input: the document names each place. */
const inputCodes = new Set([
  ...['invalid_body', 'invalid_query', 'schema_violation', 'invalid_schema', 'invalid_example', 'invalid_fault'],
  'fault_not_possible',
])

/** What is wrong with an answer; undefined if nothing is. */
export function wrongWith({ status, contentType, text }: FuzzAnswer): string | undefined {
  if (status < 400) return undefined
  if (!contentType.startsWith('application/problem+json')) return `${status} is sent as ${contentType || 'nothing'}`
  const parsed = problem.safeParse(parsedJson(text))
  if (!parsed.success) return `${status} is not a problem document: ${text.slice(0, 200)}`
  const { code, detail, errors = [] } = parsed.data
  if (parsed.data.status !== status) return `${status} is given as ${parsed.data.status}`
  if (detail.trim() === '') return `${code} says nothing`
  if (status >= 500 && !awayCodes.has(code)) return `${code}: ${detail}`
  // The text of a driver is no word for a reader.
  if (/prisma|invocation|22P05|ECONNRESET/i.test(detail)) return `${code} shows a driver's text: ${detail}`
  if (inputCodes.has(code)) {
    if (errors.length === 0) return `${code} names no place: ${detail}`
    const odd = errors.find(({ path, message }) => !/^(\/|$)/.test(path) || message.trim() === '')
    if (odd) return `${code} names ${JSON.stringify(odd)}`
  }
  return undefined
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
