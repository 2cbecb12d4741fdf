import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import type { OutboxEmail } from '#contracts/api/outbox.ts'

/** A mail as the mailbox stored it. */
export interface StoredMail {
  position: bigint
  messageId: string | null
  smtpMessageId: string | null
  from: string
  to: string
  subject: string
  source: Uint8Array
  receivedAt: Date
}

/** Parsed mails kept, so that paging back and forth parses each once. */
const keptMails = 500

/** Reads mails as a reader would see them: decoded headers, text and HTML. What cannot be parsed is shown as its source. */
export function createMailReader(): (mail: StoredMail) => Promise<OutboxEmail> {
  const kept = new Map<bigint, OutboxEmail>()
  return async (mail) => {
    const found = kept.get(mail.position)
    if (found) {
      kept.delete(mail.position)
      kept.set(mail.position, found)
      return found
    }
    const read = await parse(mail)
    kept.set(mail.position, read)
    const oldest = kept.keys().next()
    if (kept.size > keptMails && !oldest.done) kept.delete(oldest.value)
    return read
  }
}

async function parse(mail: StoredMail): Promise<OutboxEmail> {
  const source = Buffer.from(mail.source)
  const parsed = await simpleParser(source, { skipImageLinks: true, skipTextToHtml: true }).catch(() => undefined)
  return {
    position: String(mail.position),
    ...(mail.messageId === null ? {} : { messageId: mail.messageId }),
    ...(mail.smtpMessageId === null ? {} : { smtpMessageId: mail.smtpMessageId }),
    from: parsed?.from?.text ?? mail.from,
    to: addresses(parsed?.to) ?? mail.to,
    subject: parsed?.subject ?? mail.subject,
    text: parsed?.text ?? (parsed?.html ? '' : source.toString('utf8')),
    ...(parsed?.html ? { html: parsed.html } : {}),
    headers: headersOf(parsed),
    receivedAt: mail.receivedAt.toISOString(),
  }
}

function addresses(to: ParsedMail['to']): string | undefined {
  const list: AddressObject[] = to === undefined ? [] : Array.isArray(to) ? to : [to]
  return list.length === 0 ? undefined : list.map(({ text }) => text).join(', ')
}

/** Header lines as sent, with their names as sent, unfolded. */
function headersOf(parsed: ParsedMail | undefined): Record<string, string> {
  return Object.fromEntries(
    (parsed?.headerLines ?? []).map(({ line }) => {
      const colon = line.indexOf(':')
      return [
        line.slice(0, colon),
        line
          .slice(colon + 1)
          .replace(/\r?\n[ \t]+/g, ' ')
          .trim(),
      ]
    }),
  )
}
