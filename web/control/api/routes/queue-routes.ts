import { explainQuestion, policyTrial, policyTrialResult, queueExplanation } from '#contracts/api/queues/explanation.ts'
import {
  arnQuery,
  messagesQuery,
  queueAttributesInput,
  queueCreated,
  queueCreateInput,
  queueDetails,
  queueMessages,
  queueMoveCancelInput,
  queueMoveCancelled,
  queueMoveInput,
  queueMoveStarted,
  queueMoves,
  queueRemoved,
  queueRemoveInput,
  queueSendInput,
  queueSent,
  queuesView,
  queueTagsInput,
  topicPublishInput,
} from '#contracts/api/queues/queues.ts'
import type { ErrorCode } from '#contracts/errors.ts'
import type { QueueService } from '../../queues/queue-service.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const tags = ['queues']
const reads: ErrorCode[] = ['unknown_queue', 'queues_not_here', 'broker_down']
const looks: ErrorCode[] = [...reads, 'queues_read_only', 'queue_refused']
const writes: ErrorCode[] = [...bodyProblems, ...looks]

/** Queues, topics and subscriptions of the simulator, looked at and changed by hand. */
export function queueRoutes(app: ZodApp, { queues }: { queues: QueueService }): void {
  app.get(
    '/api/queues',
    {
      schema: {
        operationId: 'listQueues',
        summary: 'Queues, topics and subscriptions of the broker, with their counts',
        description:
          'Of every account and region of the simulator. On another SQS only those of the lab’s own; `service` and `reason` say what may be done.',
        tags,
        response: { 200: answer('As they are now.', queuesView), ...problems('broker_down', 'queue_refused') },
      },
    },
    () => queues.view(),
  )
  app.post(
    '/api/queues',
    {
      schema: {
        operationId: 'createQueue',
        summary: 'Make a queue, a topic or a subscription',
        tags,
        body: queueCreateInput,
        response: {
          201: answer('Its ARN; that of the existing one if there is one.', queueCreated),
          ...problems(...writes),
        },
      },
    },
    async (request, reply) => reply.status(201).send(await queues.create(request.body)),
  )
  app.get(
    '/api/queues/messages',
    {
      schema: {
        operationId: 'peekQueue',
        summary: 'Messages of a queue, the oldest first',
        description: 'A look, not a receive: counts and visibility stay as they are. Pages go 1,000 messages deep.',
        tags,
        querystring: messagesQuery,
        response: { 200: answer('A page.', queueMessages), ...problems('invalid_query', ...looks) },
      },
    },
    ({ query: { arn, ...page } }) => queues.messages(arn, page),
  )
  app.get(
    '/api/queues/attributes',
    {
      schema: {
        operationId: 'getQueueAttributes',
        summary: 'Attributes and tags of a queue, a topic or a subscription',
        tags,
        querystring: arnQuery,
        response: {
          200: answer('As AWS names them.', queueDetails),
          ...problems('invalid_query', 'queue_refused', ...reads),
        },
      },
    },
    (request) => queues.details(request.query.arn),
  )
  app.put(
    '/api/queues/attributes',
    {
      schema: {
        operationId: 'setQueueAttributes',
        summary: 'Set attributes of a queue, a topic or a subscription',
        description:
          'Checked by the service itself: what it refuses is answered in its words, at the attribute that they are about.',
        tags,
        body: queueAttributesInput,
        response: { 200: answer('As they are then.', queueDetails), ...problems(...writes) },
      },
    },
    (request) => queues.setAttributes(request.body),
  )
  app.put(
    '/api/queues/tags',
    {
      schema: {
        operationId: 'setQueueTags',
        summary: 'Give a queue or a topic these tags and no others',
        tags,
        body: queueTagsInput,
        response: { 200: answer('As they are then.', queueDetails), ...problems(...writes) },
      },
    },
    (request) => queues.setTags(request.body),
  )
  app.post(
    '/api/queues/send',
    {
      schema: {
        operationId: 'sendToQueue',
        summary: 'Send a message into a queue',
        description:
          'Into a queue of the lab it is a foreign message: no producer published it, so the ledger owes it to nobody. A consumer gives up one without CloudEvents attributes as undecodable.',
        tags,
        body: queueSendInput,
        response: { 200: answer('As SQS answered.', queueSent), ...problems(...writes) },
      },
    },
    (request) => queues.send(request.body),
  )
  app.post(
    '/api/queues/publish',
    {
      schema: {
        operationId: 'publishToTopic',
        summary: 'Publish a message to a topic, past the producers of the lab',
        tags,
        body: topicPublishInput,
        response: { 200: answer('As SNS answered.', queueSent), ...problems(...writes) },
      },
    },
    (request) => queues.publish(request.body),
  )
  for (const [path, operationId, summary, work] of [
    ['/api/queues/purge', 'purgeQueue', 'Delete every message of a queue', queues.purge],
    ['/api/queues/delete', 'deleteQueue', 'Delete a queue, a topic or a subscription', queues.remove],
  ] as const) {
    app.post(
      path,
      {
        schema: {
          operationId,
          summary,
          description:
            'Without `confirm` it only says how many messages would be lost. With it they are, unless more are there by now.',
          tags,
          body: queueRemoveInput,
          response: {
            200: answer('What became of it, or would.', queueRemoved),
            ...problems(...writes, 'queue_changed'),
          },
        },
      },
      (request) => work(request.body.arn, request.body.confirm),
    )
  }
  app.get(
    '/api/queues/moves',
    {
      schema: {
        operationId: 'listQueueMoves',
        summary: 'Tasks that move messages out of a dead-letter queue, newest first',
        tags,
        querystring: arnQuery,
        response: { 200: answer('The last ten.', queueMoves), ...problems('invalid_query', ...looks) },
      },
    },
    async (request) => ({ items: await queues.moves(request.query.arn) }),
  )
  app.post(
    '/api/queues/moves',
    {
      schema: {
        operationId: 'moveQueue',
        summary: 'Move the messages of a dead-letter queue',
        description:
          'Each back to the queue that gave it up, or all to one queue. The ledger does not learn of it, as it does of a redrive.',
        tags,
        body: queueMoveInput,
        response: { 202: answer('It runs.', queueMoveStarted), ...problems(...writes) },
      },
    },
    async (request, reply) => reply.status(202).send(await queues.move(request.body)),
  )
  app.post(
    '/api/queues/moves/cancel',
    {
      schema: {
        operationId: 'cancelQueueMove',
        summary: 'Stop a move',
        description: 'What was moved stays where it is.',
        tags,
        body: queueMoveCancelInput,
        response: { 200: answer('How many were moved.', queueMoveCancelled), ...problems(...writes) },
      },
    },
    (request) => queues.cancelMove(request.body.source, request.body.task),
  )
  app.post(
    '/api/queues/explain',
    {
      schema: {
        operationId: 'explainDelivery',
        summary: 'Why a message reaches a subscription, or does not',
        description:
          'Judged by the code of delivery itself, key by key and condition by condition. Nothing is delivered.',
        tags,
        body: explainQuestion,
        response: {
          200: answer('The steps on its way.', queueExplanation),
          ...problems(...writes, 'unknown_message', 'message_dropped'),
        },
      },
    },
    (request) => queues.explain(request.body),
  )
  app.post(
    '/api/queues/try',
    {
      schema: {
        operationId: 'tryFilterPolicy',
        summary: 'What another filter policy would let pass',
        description:
          "The newest messages of the lab that were published to the subscription's topic, at most 500, judged by its policy and by this one. Nothing is saved.",
        tags,
        body: policyTrial,
        response: { 200: answer('How many pass, and would.', policyTrialResult), ...problems(...writes) },
      },
    },
    (request) => queues.tryPolicy(request.body),
  )
}
