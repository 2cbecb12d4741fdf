import type { Publication } from '../../semantics/publication.ts'
import type { AcceptOutcome, NewMessage, TopicDefinition } from '../../stores/queue-store.ts'

/** A publication on its way to the subscriptions of its topic. */
export interface Published {
  publication: Publication
  /** Of a FIFO topic. */
  sequenceNumber: string | undefined
}

/** The publication that a repetition repeats: it is answered as that one was. */
export interface Repeated {
  messageId: string
  sequenceNumber: string
}

/** What distinguishes a publication of a FIFO topic from its repetitions, and says how it was answered. */
export const tokenOf = ({ messageId }: Publication, sequenceNumber = ''): string => `${messageId}/${sequenceNumber}`

/** Those of `published` that the store did not take because they repeat an earlier one. */
export function repeatedOf(
  published: Published[],
  messages: NewMessage[],
  outcomes: AcceptOutcome[],
): ReadonlyMap<Publication, Repeated> {
  const first = new Map<string, string>()
  messages.forEach(({ once }, index) => {
    const outcome = outcomes[index]
    if (once !== undefined && outcome?.repeated === true) first.set(once.token, outcome.id)
  })
  const repeated = new Map<Publication, Repeated>()
  for (const { publication, sequenceNumber } of published) {
    const [messageId, number] = first.get(tokenOf(publication, sequenceNumber))?.split('/') ?? []
    if (messageId !== undefined && number !== undefined)
      repeated.set(publication, { messageId, sequenceNumber: number })
  }
  return repeated
}

/** The deduplication of a FIFO topic; nothing of a standard one. */
export function onceOf(
  { publication, sequenceNumber }: Published,
  { arn, attributes }: TopicDefinition,
): Pick<NewMessage, 'once'> {
  const { groupId, deduplicationId } = publication
  if (deduplicationId === '') return {}
  const id = attributes.FifoThroughputScope === 'MessageGroup' ? `${groupId}\n${deduplicationId}` : deduplicationId
  return { once: { scope: arn, id, token: tokenOf(publication, sequenceNumber) } }
}
