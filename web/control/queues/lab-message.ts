import type { Journey } from '#contracts/api/journey.ts'

/** Attributes that a message has at most in a raw delivery. */
const mostAttributes = 10
/** Headers that give way if there are more: the lab's driver leaves them out, since the id says the same. */
const givingWay = ['content-type', 'ce_source', 'ce_specversion']

/** A message of the lab as its driver published it to SNS. */
export function labPublication({ raw, headers, publish }: Journey) {
  const left = { ...headers }
  for (const name of givingWay) {
    if (Object.keys(left).length <= mostAttributes) break
    delete left[name]
  }
  const at = publish.ackedAt ?? publish.attemptedAt
  return {
    message: raw,
    messageAttributes: Object.fromEntries(
      Object.entries(left).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
    ...(publish.ref === undefined ? {} : { messageId: publish.ref }),
    publishedAt: Date.parse(at),
  }
}
