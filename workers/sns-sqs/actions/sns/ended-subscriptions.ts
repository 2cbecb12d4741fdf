import { randomBytes } from 'node:crypto'
import { recordKey } from '../../stores/declarations.ts'
import type { DeclarationChange, Declarations, SubscriptionDefinition } from '../../stores/queue-store.ts'

/** A token confirms for two days: https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html */
const validMs = 172_800_000

interface Ended {
  subscription: SubscriptionDefinition
  /** Epoch milliseconds. */
  at: number
}

const endedIn = (value: string): Ended => JSON.parse(value) as Ended

/** A token that confirms: 288 hexadecimal digits, as AWS has them. */
export const newToken = (): string => randomBytes(144).toString('hex')

/** Keeps a subscription that ends, so that whoever has the token can have it back; what is long past is let go of. */
export function keepEnded(
  { records }: Declarations,
  subscription: SubscriptionDefinition,
  token: string,
  now: number,
): DeclarationChange[] {
  const past = [...records.values()].filter(
    ({ kind, value }) => kind === 'ended-subscription' && now - endedIn(value).at >= validMs,
  )
  const value = JSON.stringify({ subscription, at: now } satisfies Ended)
  return [
    ...past.map(({ id }): DeclarationChange => ({ remove: 'record', kind: 'ended-subscription', id })),
    { put: 'record', record: { kind: 'ended-subscription', id: token, value } },
  ]
}

/** The subscription that a token brings back; undefined if there is none. */
export function endedWith({ records }: Declarations, token: string, now: number): SubscriptionDefinition | undefined {
  const record = records.get(recordKey('ended-subscription', token))
  if (record === undefined) return undefined
  const { subscription, at } = endedIn(record.value)
  return now - at < validMs ? subscription : undefined
}
