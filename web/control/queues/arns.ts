/** What an ARN of a queue, a topic or a subscription names. */
export interface NamedPlace {
  kind: 'queue' | 'topic' | 'subscription'
  region: string
  account: string
  /** Of the queue or the topic. */
  name: string
}

/** Undefined if the text is not an ARN of SNS or SQS. */
export function placeOfArn(arn: string): NamedPlace | undefined {
  const match = /^arn:[a-z0-9-]+:(sqs|sns):([a-z0-9-]+):(\d{12}):([A-Za-z0-9_-]+(?:\.fifo)?)(:[A-Za-z0-9-]+)?$/.exec(
    arn,
  )
  const [, service, region, account, name, id] = match ?? []
  if (service === undefined || region === undefined || account === undefined || name === undefined) return undefined
  if (service === 'sqs') return id === undefined ? { kind: 'queue', region, account, name } : undefined
  return { kind: id === undefined ? 'topic' : 'subscription', region, account, name }
}
