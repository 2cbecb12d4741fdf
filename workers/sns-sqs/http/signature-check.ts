import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from '../protocol/aws-error.ts'

/** A request as far as its signature covers it. */
interface Signed {
  method: string
  /** Path and query, as they came. */
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

interface Claim {
  scope: string
  date: string
  signedHeaders: string[]
  signature: string
  presigned: boolean
}

const skewMs = 900_000

/**
 * Checks AWS Signature Version 4, in the `Authorization` header or of a presigned URL, against one secret. Undefined if it is right.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function checkSignature(request: Signed, secret: string, now: number): AwsError | undefined {
  const claim = claimOf(request)
  if (claim instanceof AwsError) return claim
  const at = Date.parse(claim.date.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const lasts = claim.presigned ? Number(parameters(request.url).get('X-Amz-Expires') ?? 900) * 1000 : skewMs
  if (Number.isNaN(at) || at - now > skewMs || now - at > lasts) {
    return new AwsError('SignatureDoesNotMatch', `Signature expired: ${claim.date} is not within its time.`)
  }
  const text = ['AWS4-HMAC-SHA256', claim.date, claim.scope, sha256(canonical(request, claim))].join('\n')
  const expected = hmac(keyOf(secret, claim.scope), text).toString('hex')
  const [left, right] = [Buffer.from(expected), Buffer.from(claim.signature)]
  if (left.length === right.length && timingSafeEqual(left, right)) return undefined
  return new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}

function claimOf({ headers, url }: Signed): Claim | AwsError {
  const { authorization } = headers
  if (authorization !== undefined) {
    const match =
      /^AWS4-HMAC-SHA256 +Credential=[^/]+\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
        authorization,
      )
    const date = headers['x-amz-date']
    if (match === null || typeof date !== 'string') {
      return new AwsError(
        'IncompleteSignature',
        'Authorization header requires Credential, SignedHeaders, Signature and a date.',
      )
    }
    const [, scope = '', signed = '', signature = ''] = match
    return { scope, date, signedHeaders: signed.split(';'), signature, presigned: false }
  }
  const query = parameters(url)
  const signature = query.get('X-Amz-Signature')
  const credential = query.get('X-Amz-Credential')
  const date = query.get('X-Amz-Date')
  const signed = query.get('X-Amz-SignedHeaders')
  if (signature === null || credential === null || date === null || signed === null) {
    return new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token')
  }
  const scope = credential.slice(credential.indexOf('/') + 1)
  return { scope, date, signedHeaders: signed.split(';'), signature, presigned: true }
}

const parameters = (url: string): URLSearchParams =>
  new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1).replaceAll('+', '%2B') : '')

function canonical({ method, url, headers, body }: Signed, { signedHeaders, presigned }: Claim): string {
  const path = url.split('?')[0] ?? '/'
  const query = [...parameters(url)]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const lines = signedHeaders.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/\s+/g, ' ')}\n`,
  )
  const declared = headers['x-amz-content-sha256']
  const hash = typeof declared === 'string' ? declared : presigned && body.length === 0 ? sha256('') : sha256(body)
  return [
    method,
    path
      .split('/')
      .map((part) => encode(part))
      .join('/'),
    query,
    lines.join(''),
    signedHeaders.join(';'),
    hash,
  ].join('\n')
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

function keyOf(secret: string, scope: string): Buffer {
  const [day = '', region = '', service = '', end = ''] = scope.split('/')
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), end)
}
