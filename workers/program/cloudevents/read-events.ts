import type { IncomingHttpHeaders } from 'node:http'
import { memberTexts, parseJson } from '#contracts/events/json-text.ts'
import { textOfHeader } from './header-text.ts'

/** An event as a program sent it. Its data is JSON text as written, so that every number keeps its digits. */
export interface ProgramEvent {
  /** Given by the program; the event gets an identity of the lab besides. */
  id: string
  type: string
  data: string
  /** Extension `partitionkey`. */
  key?: string
  /** Extension `causationid`. */
  causationId?: string
  /** Extension of distributed tracing, if it is within the event. */
  traceparent?: string
}

/** The message claims to be a CloudEvent and is not, or the lab cannot carry it. */
export class InvalidCloudEvent extends Error {
  override readonly name = 'InvalidCloudEvent'
}

/** What came over HTTP, in a request or an answer. */
export interface HttpMessage {
  headers: IncomingHttpHeaders
  body: Buffer
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The events of a message in binary, structured or batch mode, of CloudEvents 1.0 with JSON data
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md); undefined if it is
 * no CloudEvent at all. Throws `InvalidCloudEvent`.
 */
export function readEvents({ headers, body }: HttpMessage): ProgramEvent[] | undefined {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';', 1)
  const format = mediaType.trim().toLowerCase()
  if (format === 'application/cloudevents+json') return [structured(textOf(body))]
  if (format === 'application/cloudevents-batch+json') return batch(textOf(body))
  if (format.startsWith('application/cloudevents'))
    throw new InvalidCloudEvent(`${format} is a format that the lab does not read: send JSON`)
  return headers['ce-specversion'] === undefined && headers['ce-type'] === undefined
    ? undefined
    : [binary(headers, body)]
}

function binary(headers: IncomingHttpHeaders, body: Buffer): ProgramEvent {
  const attribute = (name: string): string | undefined => {
    const value = headers[`ce-${name}`]
    return typeof value === 'string' ? textOfHeader(value) : undefined
  }
  if (body.length === 0) throw new InvalidCloudEvent('the event has no data: the lab carries JSON values')
  // Whatever the content type says: frameworks add theirs to a body that is JSON.
  return eventOf(attribute, jsonText(textOf(body)))
}

function batch(text: string): ProgramEvent[] {
  const list = parsed(text)
  if (!Array.isArray(list)) throw new InvalidCloudEvent('a batch is a JSON array of events')
  return elementTexts(text).map(structured)
}

function structured(text: string): ProgramEvent {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidCloudEvent('an event in structured mode is a JSON object')
  const members = new Map(Object.entries(value))
  const attribute = (name: string): string | undefined => {
    const found = members.get(name)
    if (found === undefined || found === null) return undefined
    if (typeof found !== 'string') throw new InvalidCloudEvent(`${name} is not a string`)
    return found
  }
  const contentType = attribute('datacontenttype')
  if (contentType !== undefined && !/^(application|text)\/([^;]*\+)?json\s*(;|$)/i.test(contentType))
    throw new InvalidCloudEvent(`the data is ${contentType}: the lab carries JSON values`)
  const encoded = attribute('data_base64')
  if (encoded !== undefined && members.has('data'))
    throw new InvalidCloudEvent('the event has data and data_base64; it may have one of them')
  const data = encoded === undefined ? memberTexts(text).get('data') : textOf(Buffer.from(encoded, 'base64'))
  if (data === undefined) throw new InvalidCloudEvent('the event has no data: the lab carries JSON values')
  return eventOf(attribute, encoded === undefined ? data : jsonText(data))
}

function eventOf(attribute: (name: string) => string | undefined, data: string): ProgramEvent {
  const version = attribute('specversion')
  if (version !== '1.0')
    throw new InvalidCloudEvent(`specversion is ${version === undefined ? 'missing' : `"${version}"`}; it must be 1.0`)
  const needed = (name: string): string => {
    const value = attribute(name)
    if (!value) throw new InvalidCloudEvent(`the attribute ${name} is missing`)
    return value
  }
  needed('source')
  const key = attribute('partitionkey')
  const causationId = attribute('causationid')
  const traceparent = attribute('traceparent')
  return {
    ...{ id: needed('id'), type: needed('type'), data },
    ...(key === undefined ? {} : { key }),
    ...(causationId === undefined ? {} : { causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

function textOf(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new InvalidCloudEvent('the body is not valid UTF-8')
  }
}

function parsed(text: string): unknown {
  try {
    // An event has a level or two around its data.
    return parseJson(text, 66)
  } catch (error) {
    throw new InvalidCloudEvent(`the body is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}

function jsonText(text: string): string {
  parsed(text)
  return text
}

/** Texts of the elements of an array, as written. `text` is a valid JSON array. */
function elementTexts(text: string): string[] {
  const elements: string[] = []
  let depth = 0
  let inString = false
  let start = text.indexOf('[') + 1
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '[' || character === '{') depth += 1
    else if (depth === 0 && (character === ',' || character === ']')) {
      elements.push(text.slice(start, at).trim())
      start = at + 1
      if (character === ']') break
    } else if (character === ']' || character === '}') depth -= 1
  }
  return elements.filter((element) => element !== '')
}
