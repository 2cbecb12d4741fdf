import { type Envelope, headersOf } from '#contracts/events/envelope.ts'
import { hasUncarriedCharacter, keyProblem } from '#contracts/events/message-key.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'

/**
 * Why an envelope cannot be sent by any broker, found before anything is: half a surrogate pair would arrive as another character (Kafka),
 * or break the client's request in the middle (SNS). `headers` are those of the envelope.
 */
export function unsendable(envelope: Envelope, headers = headersOf(envelope)): ErrorInfo | undefined {
  const problem = envelope.key === undefined ? undefined : keyProblem(envelope.key)
  if (problem !== undefined) return { type: 'InvalidKey', message: `the key of the message ${problem}` }
  for (const [name, value] of Object.entries(headers))
    if (!value.isWellFormed()) return invalidText(`the header ${name}`)
  for (const id of [envelope.correlationId, envelope.causationId])
    if (id !== undefined && hasUncarriedCharacter(id)) return uncarried(id)
  return envelope.body.isWellFormed() ? undefined : invalidText('the body')
}

/** The id of an event that another producer published: what it may be on one broker, not every other carries. */
const uncarried = (id: string): ErrorInfo => ({
  type: 'InvalidText',
  message: `the id ${JSON.stringify(id)} of the event that caused it has a character which SNS and SQS do not carry in a message attribute`,
})

const invalidText = (where: string): ErrorInfo => ({
  type: 'InvalidText',
  message: `${where} has half a surrogate pair, which is not a character and cannot be sent`,
})
