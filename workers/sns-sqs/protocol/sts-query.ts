import type { Reply } from './reply.ts'

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/**
 * Who asks, as STS answers `GetCallerIdentity`: the root of the account that the request was signed for. It is here because clients of one endpoint for
 * all services ask for the account with which they name their queues and topics.
 */
export function callerIdentityReply(account: string, inJson: boolean, requestId: string): Reply {
  const identity = { Arn: `arn:aws:iam::${account}:root`, UserId: account, Account: account }
  if (inJson) {
    const answer = { GetCallerIdentityResult: identity, ResponseMetadata: { RequestId: requestId } }
    const text = JSON.stringify({ GetCallerIdentityResponse: answer })
    return { status: 200, contentType: 'application/json', text, requestId }
  }
  const fields = Object.entries(identity).map(([name, value]) => `<${name}>${value}</${name}>`)
  const text = `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult>${fields.join('')}</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`
  return { status: 200, contentType: 'text/xml', text, requestId }
}
