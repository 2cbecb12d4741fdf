import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import type { OutboxEmail } from '#contracts/api/outbox.ts'
import type { MailHead } from '#prisma/mail-heads.ts'

/** A mail as the mailbox stored it. */
export interface MailToParse {
  position: bigint
  messageId: string | null
  smtpMessageId: string | null
  from: string
  to: string
  subject: string
  source: Uint8Array
  receivedAt: Date
}

/** Characters of text and of HTML that a list shows of a mail. */
const listedChars = 16 * 1024
/** Parsed mails kept, so that paging back and forth parses each once; each is at most some tens of kilobytes. */
const keptMails = 500

/**
 * Reads mails for lists, from their first bytes: decoded headers, and the beginning of text and HTML. `cut` if that is not all.
 * What cannot be parsed is shown as its source.
 */
export function createHeadReader(): (head: MailHead) => Promise<OutboxEmail> {
  const kept = new Map<bigint, OutboxEmail>()
  return async (head) => {
    const found = kept.get(head.position)
    if (found) {
      kept.delete(head.position)
      kept.set(head.position, found)
      return found
    }
    const read = shortened(await parseMail({ ...head, source: head.head }), head)
    kept.set(head.position, read)
    const oldest = kept.keys().next()
    if (kept.size > keptMails && !oldest.done) kept.delete(oldest.value)
    return read
  }
}

function shortened(mail: OutboxEmail, { bytes, head }: MailHead): OutboxEmail {
  const { text, html } = mail
  const cut = bytes > head.length || text.length > listedChars || (html?.length ?? 0) > listedChars
  return {
    ...mail,
    text: text.slice(0, listedChars),
    ...(html === undefined ? {} : { html: html.slice(0, listedChars) }),
    ...(cut ? { cut } : {}),
    bytes,
  }
}

/** A whole mail as its reader sees it. */
export async function parseMail(mail: MailToParse): Promise<OutboxEmail> {
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
