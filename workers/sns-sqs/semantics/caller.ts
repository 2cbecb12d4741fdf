import { defaultRegion, regionOfHost } from './names.ts'

/** Who asks, where, and of which service, as the credential scope of a request says. */
export interface Caller {
  account: string
  region: string
  /** `sqs`, `sns`, or empty if the request has no scope. */
  service: string
}

const scopePattern = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]{1,32})\/([a-z]{1,32})\//

/**
 * Reads the credential scope of an `Authorization` header or of a presigned URL's `X-Amz-Credential`. An access key of twelve digits is an
 * account of its own, any other is `account`; without a scope the region is that of the host, else us-east-1.
 */
export function callerOf(authorization: string | undefined, url: string, host: string, account: string): Caller {
  if (authorization === undefined && !url.includes('?')) return unsigned(host, account)
  let match = authorization === undefined ? null : scopePattern.exec(authorization)
  if (match === null) {
    const presigned = /[?&]X-Amz-Credential=([^&]+)/i.exec(url)?.[1]
    if (presigned !== undefined) match = scopePattern.exec(`Credential=${decoded(presigned)}`)
  }
  if (match === null) return unsigned(host, account)
  const [, key = '', region = defaultRegion, service = ''] = match
  return { account: /^\d{12}$/.test(key) ? key : account, region, service }
}

let lastHost = ''
let lastUnsigned: Caller = { account: '', region: '', service: '' }

/** A caller without a scope; the same as for the last one of its host and account. */
function unsigned(host: string, account: string): Caller {
  if (host !== lastHost || account !== lastUnsigned.account) {
    lastHost = host
    lastUnsigned = { account, region: regionOfHost(host) ?? defaultRegion, service: '' }
  }
  return lastUnsigned
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
