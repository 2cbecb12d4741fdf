import { jsonPointer, pathOfPointer } from '#contracts/json-pointer.ts'
import { asyncApiExtensions as extensions } from '#contracts/lab-file/async-api-extensions.ts'
import { isSchemaObject, type SchemaObject } from '#contracts/schemas/walk-schema.ts'
import type { SourceFile, SourceFiles, SourcePlace } from './source-files.ts'

/** What the application of a document does with a message. */
export interface FoundOperation {
  action: 'send' | 'receive'
  message: SourcePlace
  /** Address of the channel. Absent: it says nothing of where the message is published. */
  address?: string
  /** The service of a lab that it was written for, where the document describes several. */
  service?: string
}

/** Every message that the application sends or receives. The document is one that the official parser takes. */
export function operationsOf(file: SourceFile, files: SourceFiles): FoundOperation[] {
  const root = file.yaml.value
  const version = isSchemaObject(root) && typeof root.asyncapi === 'string' ? root.asyncapi : ''
  return version.startsWith('2.') ? ofVersion2(file, files) : ofVersion3(file, files)
}

const at = (place: SourcePlace, ...path: string[]): string => place.pointer + jsonPointer(path)

/** In version 2 an operation is what others do: they `publish` what the application receives, and `subscribe` to what it sends. */
function ofVersion2(file: SourceFile, files: SourceFiles): FoundOperation[] {
  const actions = { publish: 'receive', subscribe: 'send' } as const
  return membersOf(files.follow(file, '/channels'), files).flatMap(([address, channel]) =>
    (['publish', 'subscribe'] as const).flatMap((key) => {
      const message = below(channel, files, key, 'message')
      const several = isSchemaObject(message.value) && Array.isArray(message.value.oneOf) ? message.value.oneOf : []
      const messages =
        several.length === 0 ? [message] : several.map((_, index) => below(message, files, 'oneOf', String(index)))
      return messages
        .filter(({ value }) => isSchemaObject(value))
        .map((one): FoundOperation => ({ action: actions[key], message: one, address }))
    }),
  )
}

function ofVersion3(file: SourceFile, files: SourceFiles): FoundOperation[] {
  return membersOf(files.follow(file, '/operations'), files).flatMap(([, operation]) => {
    const { action, [extensions.service]: service } = objectOf(operation.value)
    const own = {
      action: action === 'send' ? ('send' as const) : ('receive' as const),
      ...(typeof service === 'string' ? { service } : {}),
    }
    // What it receives is in its own queue, which is not a topic.
    const isAddressed = own.service === undefined || own.action === 'send'
    const reply = below(operation, files, 'reply')
    const back = own.action === 'send' ? ('receive' as const) : ('send' as const)
    return [
      ...messagesOf(operation, files).map((found) => ({
        ...own,
        ...(isAddressed ? found : { message: found.message }),
      })),
      ...messagesOf(reply, files).map((found) => ({ ...own, ...found, action: back })),
    ]
  })
}

/** Those that an operation or a reply names, else all of its channel. */
function messagesOf(operation: SourcePlace, files: SourceFiles): { message: SourcePlace; address?: string }[] {
  const channel = below(operation, files, 'channel')
  const { messages: named } = objectOf(operation.value)
  const { address = lastOf(channel.pointer) } = objectOf(channel.value)
  const messages = Array.isArray(named)
    ? named.map((_, index) => below(operation, files, 'messages', String(index)))
    : membersOf(below(channel, files, 'messages'), files).map(([, message]) => message)
  return messages
    .filter(({ value }) => isSchemaObject(value))
    .map((message) => ({ message, ...(typeof address === 'string' && address !== '' ? { address } : {}) }))
}

const lastOf = (pointer: string): string => pathOfPointer(pointer).at(-1) ?? ''

const objectOf = (value: unknown): SchemaObject => (isSchemaObject(value) ? value : {})

/** One step after the other, since any of them may be a reference. */
function below(place: SourcePlace, files: SourceFiles, ...path: string[]): SourcePlace {
  return path.reduce((from, segment) => files.follow(from.file, at(from, segment)), place)
}

function membersOf(place: SourcePlace, files: SourceFiles): [string, SourcePlace][] {
  const names = Object.keys(objectOf(place.value)).filter((name) => !name.startsWith('x-'))
  return names.map((name) => [name, below(place, files, name)])
}
