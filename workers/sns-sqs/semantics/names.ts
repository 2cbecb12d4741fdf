/** The account of requests that name none. */
export const defaultAccount = '123456789012'
export const defaultRegion = 'us-east-1'

/** `aws`, or the name of the part of AWS that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

export const queueArn = (region: string, account: string, name: string): string =>
  `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`
export const topicArn = (region: string, account: string, name: string): string =>
  `arn:${partitionOf(region)}:sns:${region}:${account}:${name}`

/** Queue names have up to 80 of these characters, topic names up to 256; FIFO ones end in `.fifo`, which counts. */
export const isQueueName = (name: string): boolean =>
  /^[A-Za-z0-9_-]{1,80}$/.test(name.replace(/\.fifo$/, '')) && name.length <= 80
export const isTopicName = (name: string): boolean =>
  /^[A-Za-z0-9_-]{1,256}$/.test(name.replace(/\.fifo$/, '')) && name.length <= 256

export const isFifoName = (name: string): boolean => name.endsWith('.fifo')

/** Whom and where an ARN names. */
export interface ArnParts {
  service: string
  region: string
  account: string
  resource: string
}

/** Undefined if the text is not an ARN. */
export function parseArn(text: string): ArnParts | undefined {
  const [arn, partition, service, region, account, ...rest] = text.split(':')
  if (arn !== 'arn' || !partition || !service || region === undefined || account === undefined || rest.length === 0) {
    return undefined
  }
  return { service, region, account, resource: rest.join(':') }
}

/** The parts of a queue's ARN; undefined if the text is none. */
export function parseQueueArn(text: string): { region: string; account: string; name: string } | undefined {
  const parts = parseArn(text)
  if (parts?.service !== 'sqs' || !/^\d{12}$/.test(parts.account) || !isQueueName(parts.resource)) return undefined
  return { region: parts.region, account: parts.account, name: parts.resource }
}

/** The last part of an ARN: the queue's or topic's own name. */
export const nameOfArn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)

/** A queue's URL is on whatever host the client reached. */
export const queueUrl = (host: string, account: string, name: string): string => `http://${host}/${account}/${name}`

/** What a queue's URL says; what it leaves out is that of the request. */
export interface QueueRef {
  name: string
  account?: string
  region?: string
  /** The ARN that it meant last, and for whom. */
  last?: { account: string; region: string; arn: string }
}

/** The ARN of the queue that a reference means to a caller of this account and region. */
export function arnOfRef(ref: QueueRef, account: string, region: string): string {
  const { last } = ref
  if (last !== undefined && last.account === account && last.region === region) return last.arn
  const arn = queueArn(ref.region ?? region, ref.account ?? account, ref.name)
  ref.last = { account, region, arn }
  return arn
}

const refs = new Map<string, QueueRef | undefined>()
const maximumRefs = 5_000
const maximumRefLength = 400

/**
 * The queue that a URL, a bare path or a name means, whatever the host: `/ACCOUNT/NAME`, `/queue/REGION/ACCOUNT/NAME`, `/queue/NAME`,
 * `/NAME`; the region may be in the host, as in `sqs.REGION.localhost` and `REGION.queue.localhost`. Undefined if it means none.
 */
export function queueRefOf(url: string): QueueRef | undefined {
  const known = refs.get(url)
  if (known !== undefined) return known
  const ref = parseQueueUrl(url)
  if (url.length <= maximumRefLength) {
    if (refs.size >= maximumRefs) refs.clear()
    refs.set(url, ref)
  }
  return ref
}

function parseQueueUrl(url: string): QueueRef | undefined {
  const [, host = '', rest = ''] = /^(?:https?:\/\/([^/?#]*))?([^?#]*)/i.exec(url) ?? []
  const parts = rest.split('/').filter((part) => part !== '')
  if (parts[0] === 'queue' && parts.length > 1) parts.shift()
  const name = parts.pop()
  if (name === undefined || !isQueueName(name)) return undefined
  const account = parts.pop()
  if (account !== undefined && !/^\d{12}$/.test(account)) return undefined
  const region = parts.pop() ?? regionOfHost(host)
  return { name, ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) }
}

/** The region in a host name of one of AWS's or the emulators' styles. */
export function regionOfHost(host: string): string | undefined {
  const [first = '', second = ''] = host.split('.')
  if (/^(sqs|sns)$/.test(first) && isRegion(second)) return second
  return /^(queue|sqs|sns)$/.test(second) && isRegion(first) ? first : undefined
}

export const isRegion = (text: string): boolean => /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(text)
