import type { AwsError } from './aws-error.ts'
import type { Reply } from './reply.ts'
import { escapeXml, toXml, type XmlValue } from './xml.ts'

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/'

/** An answer of SNS. */
export function snsReply(action: string, result: { [name: string]: XmlValue | undefined }, requestId: string): Reply {
  const inside = toXml(result)
  const xml = `<${action}Response xmlns="${namespace}"><${action}Result>${inside}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
  return { status: 200, contentType: 'text/xml', text: xml }
}

/** SNS spells codes without the prefix that the same ones have in SQS. */
export function queryError(error: AwsError, requestId: string): Reply {
  const { fault, code, message, status } = error
  const xml = `<ErrorResponse xmlns="${namespace}"><Error><Type>${fault}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  return { status, contentType: 'text/xml', text: xml }
}
