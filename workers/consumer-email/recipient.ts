/** The event names nobody to write to: no attempt will change that. */
export class InvalidRecipient extends Error {
  override readonly name = 'InvalidRecipient'
}

/** RFC 5321, 4.5.3.1: octets of a local part, and of a path without its angle brackets. */
const longestLocalPart = 64
const longestAddress = 254
/** RFC 5322, 3.4.1, dot-atom; RFC 5321, 4.1.2, domain. Quoted local parts, comments and address literals are not among them. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
const domain = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i

/**
 * `data.email` where the event has one, else `fallback`. The address is used byte for byte as the event names it: what no server
 * would accept unchanged is refused with `InvalidRecipient`, never made to fit.
 */
export function recipientOf(data: unknown, fallback: string): string {
  const email = typeof data === 'object' && data !== null && 'email' in data ? data.email : undefined
  if (email === undefined || email === null) return fallback
  const fault = typeof email === 'string' ? faultOf(email) : 'it is not text'
  if (typeof email === 'string' && fault === undefined) return email
  throw new InvalidRecipient(`data.email is no e-mail address: ${fault}. It says ${excerpt(email)}`)
}

function faultOf(address: string): string | undefined {
  if (address.length > longestAddress) return `it has more than ${longestAddress} characters`
  const strange = /[^\x21-\x7e]/u.exec(address)
  if (strange) return faultOfCharacter(strange[0], strange.index)
  const at = address.indexOf('@')
  if (at !== address.lastIndexOf('@')) return 'it has more than one @'
  if (at < 1 || at === address.length - 1) return 'it has not the form name@domain'
  if (at > longestLocalPart) return `it has more than ${longestLocalPart} characters before the @`
  if (!localPart.test(address.slice(0, at))) return 'what is before the @ is not letters, digits and signs between dots'
  // A reader takes it for an encoded word and shows another address.
  if (address.includes('=?')) return 'it holds =?, with which an encoded word begins'
  if (!domain.test(address.slice(at + 1))) return 'what is behind the @ is not a domain name'
  return undefined
}

function faultOfCharacter(character: string, index: number): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  const place = `character ${index + 1} is ${code}`
  return character > '\x7f' && /[\p{L}\p{N}]/u.test(character)
    ? `${place}, and only ASCII reaches every server unchanged; write an international domain as xn--`
    : `${place}, which no address may have`
}

/** The value as JSON, so that what cannot be seen is seen. */
function excerpt(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 200)) : `a value of type ${typeof value}`
  return text.replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
