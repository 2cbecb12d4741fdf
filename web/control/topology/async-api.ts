import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import { headerNames } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { shownContents } from '#contracts/events/exact-texts.ts'
import { publisherOf } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { asyncApiExtensions } from '#contracts/lab-file/async-api-extensions.ts'
import { type DeclaredLab, wiringOf } from '../lab/declared-lab.ts'
import { holdsReference, payloadSchema } from './payload-schema.ts'

/**
 * The declared topology as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0): a
 * channel per topic and per queue, one operation per service and topic that it sends to and per consumer, one message per event type.
 * `faultline import asyncapi` makes the same services and events of it.
 */
export function asyncApiOf(
  declaration: LabDeclaration,
  lab: DeclaredLab,
  options: { version: string; brokerUrl?: string | undefined },
): Record<string, unknown> {
  const wiring = wiringOf(lab)
  const messageRefs = (types: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }]))
  const channels: Record<string, unknown> = {}
  const operations: Record<string, unknown> = {}

  for (const { topic, types } of wiring.topics) {
    channels[`topic.${topic}`] = { address: topic, title: `Topic ${topic}`, messages: messageRefs(types) }
    for (const [name, sent] of sendersOf(declaration, types)) {
      operations[`${name}.send.${topic}`] = operation(
        name,
        'send',
        `topic.${topic}`,
        `${name} publishes to ${topic}`,
        sent,
      )
    }
  }
  for (const { group, types, topics } of wiring.groups) {
    channels[`queue.${group}`] = {
      address: group,
      title: `Queue of ${group}`,
      description: `Subscribed to ${topics.join(', ') || 'no topic'}; dead letters go to ${deadLetterQueueOf(group)}.`,
      messages: messageRefs(types),
    }
    operations[`${group}.receive`] = operation(group, 'receive', `queue.${group}`, `${group} takes its events`, types)
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Faultline', version: options.version, description: 'The declared wiring of this lab.' },
    defaultContentType: 'application/json',
    ...(options.brokerUrl === undefined ? {} : { servers: { broker: server(options.brokerUrl) } }),
    channels,
    operations,
    components: { messages: Object.fromEntries(lab.eventTypes.map((type) => [type.name, message(type)])) },
  }
}

/** Who sends which of these types; a type that no service declares is published by a source. */
function sendersOf(declaration: LabDeclaration, types: readonly string[]): Map<string, string[]> {
  const senders = new Map<string, string[]>()
  for (const type of types) {
    const declared = declaration.services.filter(({ sends }) => sends.includes(type)).map(({ name }) => name)
    for (const name of declared.length > 0 ? declared : [publisherOf(declaration, type)])
      senders.set(name, [...(senders.get(name) ?? []), type])
  }
  return senders
}

function operation(
  service: string,
  action: 'send' | 'receive',
  channel: string,
  summary: string,
  types: readonly string[],
) {
  return {
    action,
    [asyncApiExtensions.service]: service,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
  }
}

function server(url: string): Record<string, unknown> {
  const { host, protocol } = new URL(url)
  return { host, protocol: 'sns', description: `SNS and SQS over ${protocol.slice(0, -1)}` }
}

/** CloudEvents 1.0 in binary mode: attributes are headers, the payload is `data` alone. */
function message(type: EventTypeDefinition): Record<string, unknown> {
  const { schema, example } = shownContents(type)
  return {
    name: type.name,
    title: type.name,
    summary: `Version ${type.version}`,
    contentType: 'application/json',
    headers: {
      type: 'object',
      properties: Object.fromEntries(headerNames.map((name) => [name, { type: 'string' }])),
      required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type'],
    },
    payload: payloadSchema(schema, `#/components/messages/${type.name}/payload/schema`),
    ...(type.version === 1 ? {} : { [asyncApiExtensions.version]: type.version }),
    ...(type.keyField === undefined ? {} : { [asyncApiExtensions.key]: type.keyField }),
    ...(holdsReference(example) ? {} : { examples: [{ name: 'example', payload: example }] }),
  }
}
