import type { ActionServices, Call } from '../actions/action.ts'
import { explain, UnknownSubscription } from '../explain/explain.ts'
import { explainInput } from '../explain/explain-input.ts'
import type { Reply } from '../protocol/reply.ts'
import { FilterPolicyError } from '../semantics/filter/filter-policy.ts'
import { json, type OwnRequest, readObject } from './own-request.ts'

/** Why a message reaches a subscription or does not; see `explainInput`. 404 for a subscription that is not there, 400 with what is wrong. */
export async function explainEndpoint({ body, caller }: OwnRequest, services: ActionServices): Promise<Reply> {
  const input = explainInput.safeParse(readObject(body))
  if (!input.success) {
    const wrong = input.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`)
    return json(400, { error: wrong.join('; ') })
  }
  try {
    return json(200, await explain(input.data, services, { ...nobody, ...caller }))
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
}
