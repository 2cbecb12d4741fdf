import type { Journey } from '#contracts/api/journey.ts'
import type {
  ExplainQuestion,
  PolicyTrialInput,
  PolicyTrialResult,
  QueueExplanation,
} from '#contracts/api/queues/explanation.ts'
import {
  nameOfArn,
  peekBodyCharacters,
  peekDepth,
  type QueueAttributesInput,
  type QueueCreateInput,
  type QueueDetails,
  type QueueMessages,
  type QueueMove,
  type QueueMoveInput,
  type QueueRemoved,
  type QueueSendInput,
  type QueuesView,
  type QueueTagsInput,
  type TopicPublishInput,
} from '#contracts/api/queues/queues.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { StoredCopy } from '#workers/broker/broker.ts'
import { ApiProblem } from '../problem/problem.ts'
import { awsProblem } from './aws-refusal.ts'
import { labPublication } from './lab-message.ts'
import { runPolicyTrial } from './policy-trial.ts'
import { copiesIn } from './queue-copies.ts'
import { readDetails, setAttributes, setTags } from './queue-details.ts'
import { cancelMove, listMoves, publishMessage, sendMessage, startMove } from './queue-messages.ts'
import { type AccessOf, namedIn, openQueuePlaces } from './queue-place.ts'
import { createThing, purgeQueue, removeThing } from './queue-removal.ts'
import { explanationView, type LabNames, queueMessageView, viewOfOverview, withTopic } from './queue-views.ts'
import { readOnlyView } from './read-only-view.ts'
import type { Overview } from './simulator-look.ts'

type Sent = { messageId: string; sequenceNumber?: string }

/**
 * Queues, topics and subscriptions of the broker of now. All reject with `broker_down`, and with `queue_refused` and AWS's own words where
 * the service refuses; what changes something, and a peek, with `queues_not_here` and `queues_read_only` if that is not the simulator.
 */
export interface QueueService {
  view(): Promise<QueuesView>
  /** Looks at messages and touches nothing. */
  messages(arn: string, page: { offset: number; limit: number }): Promise<QueueMessages>
  /** The same of the lab's own queue of that name, as copies that an audit compares; a sentence says why it cannot be looked into. */
  copies(name: string, limit: number): Promise<StoredCopy[] | string>
  details(arn: string): Promise<QueueDetails>
  setAttributes(input: QueueAttributesInput): Promise<QueueDetails>
  setTags(input: QueueTagsInput): Promise<QueueDetails>
  create(input: QueueCreateInput): Promise<{ arn: string }>
  send(input: QueueSendInput): Promise<Sent>
  publish(input: TopicPublishInput): Promise<Sent>
  /** Without `confirm` it only says how many messages would be lost; with fewer than there are it rejects with `queue_changed`. */
  purge(arn: string, confirm?: number): Promise<QueueRemoved>
  /** The same of the queue, topic or subscription itself. */
  remove(arn: string, confirm?: number): Promise<QueueRemoved>
  moves(arn: string): Promise<QueueMove[]>
  move(input: QueueMoveInput): Promise<{ task: string }>
  cancelMove(source: string, task: string): Promise<{ moved: number }>
  /** Rejects with `unknown_message` and `message_dropped` for a message of the lab. */
  explain(question: ExplainQuestion): Promise<QueueExplanation>
  /** Which of the newest messages of the lab another policy would let pass. */
  tryPolicy(input: PolicyTrialInput): Promise<PolicyTrialResult>
  close(): void
}

export interface QueueServiceParts {
  broker: () => BrokerName
  accessOf: AccessOf
  /** Names of the lab's own queues and topics. */
  lab: () => Omit<LabNames, 'region'>
  journey: (id: string) => Journey | 'dropped' | undefined
  /** Messages that were published to a topic, the newest first. */
  newest: (topic: string, limit: number) => Journey[]
  /** Called with every change, in a sentence. */
  onChanged: (message: string, level: 'info' | 'warn', subject: string) => void
}

export function createQueueService({
  broker,
  accessOf,
  lab,
  journey,
  newest,
  onChanged,
}: QueueServiceParts): QueueService {
  const places = openQueuePlaces(broker, accessOf)
  const names = (region: string): LabNames => ({ ...lab(), region })
  const isOfLab = (arn: string, region: string): boolean => {
    const named = namedIn(arn, 'queue', 'topic', 'subscription')
    const { queues, topics } = lab()
    return named.region === region && (named.kind === 'queue' ? queues : topics).has(named.name)
  }
  const changed = (arn: string, what: string, level: 'info' | 'warn' = 'info'): void =>
    onChanged(`${namedIn(arn, 'queue', 'topic', 'subscription').name}: ${what}`, level, nameOfArn(arn))

  async function removal(arn: string, confirm: number | undefined, what: string, work: Work): Promise<QueueRemoved> {
    const place = await places.simulator()
    const messages = messagesIn(place.overview, arn)
    const about = { messages, lab: isOfLab(arn, place.region) }
    if (confirm === undefined) return { state: 'dry_run', ...about }
    if (messages > confirm) {
      throw new ApiProblem(
        'queue_changed',
        `${messages} messages are there by now, more than the ${confirm} of the confirmation`,
      )
    }
    await work(place, arn)
    changed(
      arn,
      `${what}${messages === 0 ? '' : `, ${messages} ${messages === 1 ? 'message' : 'messages'} with it`}`,
      'warn',
    )
    return { state: 'done', ...about }
  }

  return {
    async view() {
      const place = await places.find()
      if (typeof place === 'string') {
        const empty = { queues: [], topics: [], subscriptions: [], truncated: false }
        return { broker: broker(), service: 'none', reason: place, ...empty }
      }
      const { at: endpoint, reason, overview, region } = place
      if (overview !== undefined) {
        return { broker: place.broker, service: 'simulator', endpoint, ...viewOfOverview(overview, names(region)) }
      }
      const listed = await readOnlyView(place.clients.of(), names(region)).catch((error: unknown) => {
        throw awsProblem(error, endpoint)
      })
      return {
        ...{ broker: place.broker, service: 'read-only', endpoint, ...listed },
        ...(reason === undefined ? {} : { reason }),
      }
    },
    async messages(arn, { offset, limit }) {
      const named = namedIn(arn, 'queue')
      const { simulator } = await places.simulator()
      const { now, counts, messages } = await simulator.peek(named, { offset, limit, body: peekBodyCharacters })
      const total = counts.visible + counts.inFlight + counts.delayed
      const more = messages.length === limit && offset + limit < Math.min(total, peekDepth)
      return { arn, offset, total, ...counts, items: messages.map((one) => queueMessageView(one, now)), more }
    },
    copies: async (name, limit) => copiesIn(await places.find(), name, limit),
    async details(arn) {
      const place = await places.find()
      if (typeof place === 'string') throw new ApiProblem('queues_not_here', place)
      return readDetails(place, arn)
    },
    async setAttributes({ arn, attributes }) {
      const place = await places.simulator()
      await setAttributes(place, arn, attributes)
      changed(arn, `set ${Object.keys(attributes).join(', ')}`)
      return readDetails(place, arn)
    },
    async setTags({ arn, tags }) {
      const place = await places.simulator()
      await setTags(place, arn, tags)
      changed(arn, 'set its tags')
      return readDetails(place, arn)
    },
    async create(input) {
      const arn = await createThing(await places.simulator(), input)
      changed(arn, `${input.kind === 'subscription' ? 'a subscription' : `the ${input.kind}`} was made`)
      return { arn }
    },
    async send(input) {
      const sent = await sendMessage(await places.simulator(), input)
      changed(input.arn, `a message was sent by hand (${sent.messageId})`)
      return sent
    },
    async publish(input) {
      const sent = await publishMessage(await places.simulator(), input)
      changed(input.arn, `a message was published by hand (${sent.messageId})`)
      return sent
    },
    async purge(arn, confirm) {
      namedIn(arn, 'queue')
      return removal(arn, confirm, 'purged', purgeQueue)
    },
    remove: (arn, confirm) => removal(arn, confirm, 'deleted', removeThing),
    moves: async (arn) => listMoves(await places.simulator(), arn),
    async move(input) {
      const started = await startMove(await places.simulator(), input)
      changed(
        input.source,
        `its messages are moved ${input.destination === undefined ? 'back to where they came from' : `to ${nameOfArn(input.destination)}`}`,
      )
      return started
    },
    async cancelMove(source, task) {
      const place = await places.simulator()
      const cancelled = await cancelMove(place, source, task)
      changed(source, `the move was stopped after ${cancelled.moved} messages`)
      return cancelled
    },
    async explain(question) {
      namedIn(question.subscriptionArn, 'subscription')
      const { simulator } = await places.simulator()
      const found = question.labMessageId === undefined ? undefined : publishedMessage(question.labMessageId, journey)
      const explained = explanationView(await simulator.explain(askedOf(question, found)))
      return found === undefined ? explained : withTopic(explained, found.topic)
    },
    async tryPolicy(input) {
      namedIn(input.subscriptionArn, 'subscription')
      return runPolicyTrial(input, await places.simulator(), newest)
    },
    close: () => places.close(),
  }
}

type Work = (place: Parameters<typeof purgeQueue>[0], arn: string) => Promise<void>

/** Messages in the queue of an ARN; none where it names something else. Throws `unknown_queue` if nothing has it. */
function messagesIn({ queues, topics, subscriptions }: Overview, arn: string): number {
  const queue = queues.find((one) => one.arn === arn)
  if (queue !== undefined) return queue.visible + queue.inFlight + queue.delayed
  if ([...topics, ...subscriptions].some((one) => one.arn === arn)) return 0
  throw new ApiProblem('unknown_queue', `nothing has the ARN ${arn}`)
}

function publishedMessage(id: string, journey: QueueServiceParts['journey']): Journey {
  const found = journey(id)
  if (found === undefined) throw new ApiProblem('unknown_message', `no message ${id.slice(0, 100)} was published`)
  if (found === 'dropped') throw new ApiProblem('message_dropped', `${id} is settled and no longer kept`)
  return found
}

/** The question as the simulator takes it. */
function askedOf(question: ExplainQuestion, found: Journey | undefined): object {
  const { subscriptionArn, filterPolicy, filterPolicyScope } = question
  const about = { subscriptionArn, filterPolicy, filterPolicyScope }
  if (found !== undefined) return { ...about, ...labPublication(found) }
  const { body: message, attributes: messageAttributes, groupId: messageGroupId, messageId } = question
  return { ...about, message, messageAttributes, messageGroupId, messageId }
}
