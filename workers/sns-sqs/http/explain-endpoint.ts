import type { z } from 'zod'
import type { ActionServices, Call } from '../actions/action.ts'
import { explain, UnknownSubscription } from '../explain/explain.ts'
import { explainInput, trialInput } from '../explain/explain-input.ts'
import { tryPolicy } from '../explain/try-policy.ts'
import type { Reply } from '../protocol/reply.ts'
import { FilterPolicyError } from '../semantics/filter/filter-policy.ts'
import { json, type OwnRequest, readObject } from './own-request.ts'

/** Why a message reaches a subscription or does not; see `explainInput`. 404 for a subscription that is not there, 400 with what is wrong. */
export async function explainEndpoint({ body, caller }: OwnRequest, services: ActionServices): Promise<Reply> {
  return judged(explainInput, body, (input) => explain(input, services, { ...nobody, ...caller }))
}

/** Which of many messages a subscription's policy lets pass now, and which it would; see `trialInput`. Refuses as `explainEndpoint` does. */
export const trialEndpoint = ({ body }: OwnRequest, services: ActionServices): Promise<Reply> =>
  judged(trialInput, body, async (input) => ({ verdicts: await tryPolicy(input, services) }))

async function judged<Input>(
  schema: z.ZodType<Input>,
  body: Buffer,
  judge: (input: Input) => Promise<object>,
): Promise<Reply> {
  const input = schema.safeParse(readObject(body))
  if (!input.success) {
    const wrong = input.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`)
    return json(400, { error: wrong.join('; ') })
  }
  try {
    return json(200, await judge(input.data))
  } catch (error) {
    if (error instanceof UnknownSubscription) return json(404, { error: error.message })
    if (error instanceof FilterPolicyError) return json(400, { error: error.message, field: 'filterPolicy' })
    throw error
  }
}

/** Nothing is delivered, so that no address in an envelope is followed. */
const nobody: Omit<Call, 'account' | 'region' | 'service'> = {
  host: 'localhost',
  path: '/',
  client: { gone: false, onGone: () => () => {} },
  drop: () => {},
  secure: false,
  trace: '',
  plain: false,
}
