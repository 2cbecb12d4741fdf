import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { keyIn, keyProblem } from '#contracts/events/message-key.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { inputProblem } from '../problem/problem.ts'

/**
 * The partition key of an event: the one that is given, or the value of the type's key field, a number as it is written in `text`, the
 * JSON of the data. Undefined if there is none. Throws `invalid_body` with the place of a key that not every broker can carry.
 */
export function publishKey(
  { keyField }: Pick<EventTypeDefinition, 'keyField'>,
  { key: given, data }: { key?: string | undefined; data: Record<string, unknown> },
  text: string,
): string | undefined {
  const key = given ?? (keyField === undefined ? undefined : keyIn(data, keyField, text))
  const problem = key === undefined ? undefined : keyProblem(key)
  if (problem === undefined) return key
  const path = given === undefined ? jsonPointer(['data', keyField ?? '']) : '/key'
  throw inputProblem('invalid_body', [{ path, message: `the key of the message ${problem}` }])
}
