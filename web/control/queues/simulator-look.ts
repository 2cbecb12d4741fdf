import { z } from 'zod'
import { queueExplanation } from '#contracts/api/queues/explanation.ts'
import { queueMessage } from '#contracts/api/queues/queues.ts'
import { ApiProblem } from '../problem/problem.ts'

const attributes = z.record(z.string(), z.string())
const overview = z.object({
  now: z.number(),
  queues: z.array(
    z.object({
      arn: z.string(),
      attributes,
      visible: z.int(),
      inFlight: z.int(),
      delayed: z.int(),
      oldestSentAt: z.number().optional(),
    }),
  ),
  topics: z.array(z.object({ arn: z.string(), attributes })),
  subscriptions: z.array(
    z.object({
      arn: z.string(),
      topicArn: z.string(),
      protocol: z.string(),
      endpoint: z.string(),
      pending: z.boolean(),
      attributes,
      createdAt: z.number().optional(),
    }),
  ),
  total: z.object({ queues: z.int(), topics: z.int(), subscriptions: z.int() }),
})
export type Overview = z.infer<typeof overview>

const peeked = z.object({
  now: z.number(),
  counts: z.object({ visible: z.int(), inFlight: z.int(), delayed: z.int() }),
  messages: z.array(
    queueMessage
      .omit({ receives: true, visibleInMs: true, labMessageId: true })
      .extend({ receiveCount: z.int(), sentAt: z.number(), visibleAt: z.number() }),
  ),
})
export type Peeked = z.infer<typeof peeked>

const explained = queueExplanation.extend({
  steps: z.array(queueExplanation.shape.steps.element.extend({ at: z.number().optional() })),
})
export type Explained = z.infer<typeof explained>

const tried = z.object({ verdicts: z.array(z.object({ now: z.boolean(), tried: z.boolean() })) })

/** Something answers there that is not the simulator. */
export class NotTheSimulator extends Error {
  override readonly name = 'NotTheSimulator'
}

const answerMs = 10_000

/** The simulator's own endpoints. They reject with the problems `broker_down`, `unknown_queue` and `queue_refused`, and with `NotTheSimulator`. */
export function simulatorLook(base: string) {
  async function ask<Value>(schema: z.ZodType<Value>, path: string, body?: object): Promise<Value> {
    const answer = await fetch(new URL(path, base), {
      signal: AbortSignal.timeout(answerMs),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    }).catch(() => {
      throw new ApiProblem('broker_down', `SNS/SQS at ${base} does not answer`)
    })
    const answered: unknown = await answer.json().catch(() => undefined)
    if (answer.ok) {
      const read = schema.safeParse(answered)
      if (read.success) return read.data
      throw new NotTheSimulator(`what answers at ${base} is not this lab's simulator`)
    }
    const { error } = Object(answered) as { error?: unknown }
    if (answer.status === 503) throw new ApiProblem('broker_down', `the simulator at ${base} has no store to read`)
    if (typeof error !== 'string') throw new NotTheSimulator(`what answers at ${base} is not this lab's simulator`)
    if (answer.status === 404) throw new ApiProblem('unknown_queue', error.slice(0, 500))
    throw new ApiProblem('queue_refused', error.slice(0, 2_000), {
      errors: [{ path: '/filterPolicy', message: error.slice(0, 2_000) }],
    })
  }
  return {
    overview: () => ask(overview, '/_faultline/queues'),
    /** A page of a queue's messages; nothing is touched. */
    peek: (
      { name, region, account }: { name: string; region: string; account: string },
      page: { offset: number; limit: number; body: number },
    ) => {
      const query = new URLSearchParams({ region, account })
      for (const [parameter, value] of Object.entries(page)) query.set(parameter, String(value))
      return ask(peeked, `/_faultline/queues/${encodeURIComponent(name)}/messages?${query}`)
    },
    /** Which of these messages pass a subscription's policy now, and which would pass another, in their order. */
    try: async (question: { messages: object[] }) => (await ask(tried, '/_faultline/sns/try', question)).verdicts,
    explain: (question: object) => ask(explained, '/_faultline/sns/explain', question),
  }
}
export type SimulatorLook = ReturnType<typeof simulatorLook>
