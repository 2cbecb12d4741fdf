import { simpleParser } from 'mailparser'
import type { Difference, PublishedEvent } from '#contracts/effects/declared/declared-event.ts'
import { compareMail, type StoredMail } from '#contracts/effects/declared/mail-comparison.ts'
import type { EmailTemplate } from '#contracts/events/event-type.ts'
import type { ContentReader, DatedTemplate, SourceMail } from './content-reader.ts'
import type { ContentVerdicts } from './content-verdicts.ts'
import { readPlainMail } from './plain-mail.ts'
import { against, type PublishedMessage } from './published-message.ts'

export interface MailSources {
  group: string
  /** What the group delivered, batch by batch. */
  messages(): AsyncGenerator<PublishedMessage[]>
  reader: Pick<ContentReader, 'mails'>
  /** By event type; of one that is not among them the letter is known by its name. */
  templates: ReadonlyMap<string, DatedTemplate>
  verdicts: ContentVerdicts
  /** Called with each message that was compared. */
  compared(message: PublishedMessage): void
}

/** Compares every mail of a message with what was published: recipient, subject, and both parts. */
export async function compareMails(sources: MailSources): Promise<void> {
  for await (const batch of sources.messages()) await compareBatch(sources, batch)
}

async function compareBatch(
  { group, reader, templates, verdicts, compared }: MailSources,
  batch: readonly PublishedMessage[],
): Promise<void> {
  const byId = new Map(batch.map((message) => [message.event.id, message]))
  /** Those of which a mail could not be compared. */
  const open = new Set<string>()
  for await (const mails of reader.mails([...byId.keys()])) {
    for (const mail of mails) {
      const message = byId.get(mail.messageId)
      if (!message) continue
      const dated = templates.get(message.event.type)
      // It was sent by a template that nobody has any more.
      const isOutdated = dated !== undefined && mail.receivedAt <= dated.since
      const found = isOutdated ? undefined : await differencesOf(message, mail, dated?.template)
      if (found) verdicts.effect(mail.messageId, group, 'mail', found)
      else open.add(mail.messageId)
    }
  }
  for (const message of batch) if (!open.has(message.event.id)) compared(message)
}

type Found = ReturnType<typeof against>

/** Undefined if no letter follows from the body, since it is not JSON. */
async function differencesOf(
  message: PublishedMessage,
  mail: SourceMail,
  template: EmailTemplate | undefined,
): Promise<Found | undefined> {
  const compareWith =
    (stored: StoredMail) =>
    (event: PublishedEvent): Difference[] =>
      compareMail(event, stored, template)
  try {
    const plain = readPlainMail(mail)
    if (plain && compareWith(plain)(message.event).length === 0) return { differences: [], isExplained: false }
    return against(message, compareWith(await readWholeMail(mail)))
  } catch {
    return undefined
  }
}

/** A mail as a reader of mail sees it. */
export async function readWholeMail({ to: envelope, source }: Pick<SourceMail, 'to' | 'source'>): Promise<StoredMail> {
  const parsed = await simpleParser(Buffer.from(source), { skipImageLinks: true, skipTextToHtml: true })
  const lists = parsed.to === undefined ? [] : Array.isArray(parsed.to) ? parsed.to : [parsed.to]
  return {
    envelope: envelope === '' ? [] : envelope.split(', '),
    to: lists.flatMap(({ value }) => value.map(({ address = '', name }) => ({ address, name }))),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
  }
}
