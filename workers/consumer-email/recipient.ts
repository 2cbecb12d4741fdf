/** The event names nobody to write to: no attempt will change that. */
export class InvalidRecipient extends Error {
  override readonly name = 'InvalidRecipient'
}

/** One address and nothing else: no list, no comment, no line break, no quoting. */
const address = /^[^\s@,;:<>()[\]"\\]{1,64}@[^\s@,;:<>()[\]"\\]{1,255}$/u

/** `data.email` where the event has one, else `fallback`. Throws `InvalidRecipient` where it is no single address. */
export function recipientOf(data: unknown, fallback: string): string {
  const email = typeof data === 'object' && data !== null && 'email' in data ? data.email : undefined
  if (typeof email !== 'string') return fallback
  if (!address.test(email)) throw new InvalidRecipient(`"${email.slice(0, 200)}" in data.email is no e-mail address`)
  return email
}
