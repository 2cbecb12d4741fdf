import type { AwsError } from './aws-error.ts'
import type { Reply } from './reply.ts'
import { escapeXml, toXml, type XmlValue } from './xml.ts'

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/'

/** Actions whose answer has no result element, as the service's model says. */
const withoutResult = new Set([
  'AddPermission',
  'DeleteEndpoint',
  'DeletePlatformApplication',
  'DeleteTopic',
  'PutDataProtectionPolicy',
  'RemovePermission',
  'SetEndpointAttributes',
  'SetPlatformApplicationAttributes',
  'SetSubscriptionAttributes',
  'SetTopicAttributes',
  'Unsubscribe',
])

/** An answer of SNS. */
export function snsReply(action: string, result: { [name: string]: XmlValue | undefined }, requestId: string): Reply {
  const inside = withoutResult.has(action) ? '' : `<${action}Result>${toXml(result)}</${action}Result>`
  const xml = `<${action}Response xmlns="${namespace}">${inside}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
  return { status: 200, contentType: 'text/xml', text: xml, requestId }
}

/** SNS spells codes without the prefix that the same ones have in SQS. */
export function snsError(error: AwsError, requestId: string): Reply {
  const { fault, code, message, status } = error
  const xml = `<ErrorResponse xmlns="${namespace}"><Error><Type>${fault}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  return { status, contentType: 'text/xml', text: xml, requestId }
}
