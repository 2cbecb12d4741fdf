/** The one account there is. */
export const accountId = '123456789012'

export const queueArn = (region: string, name: string): string => `arn:aws:sqs:${region}:${accountId}:${name}`
export const topicArn = (region: string, name: string): string => `arn:aws:sns:${region}:${accountId}:${name}`

/** Queue names have up to 80 of these characters, topic names up to 256. */
export const isQueueName = (name: string): boolean => /^[A-Za-z0-9_-]{1,80}$/.test(name)
export const isTopicName = (name: string): boolean => /^[A-Za-z0-9_-]{1,256}$/.test(name)

/** The name at the end of the ARN of a queue of this account; undefined where it is no such ARN. */
export const queueNameOfArn = (arn: string): string | undefined =>
  /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:123456789012:([A-Za-z0-9_.-]{1,80})$/.exec(arn)?.[1]

/** The region that a request was signed for, from its credential scope; `us-east-1` where there is none. */
export function regionOf(authorization: string | undefined): string {
  const region = /Credential=[^/]*\/\d{8}\/([a-z0-9-]{1,32})\//.exec(authorization ?? '')?.[1]
  return region ?? 'us-east-1'
}

/** A queue's URL is on whatever host the client reached; only its path is looked at on the way back. */
export const queueUrl = (host: string, name: string): string => `http://${host}/${accountId}/${name}`

/** The queue's name in a URL or a bare path; undefined where it has none. */
export const queueNameOfUrl = (url: string): string | undefined => /\/\d{12}\/([^/?#]+)\/?$/.exec(url)?.[1]
