import type { EmailTemplate } from '#contracts/events/event-type.ts'
import { exactData } from '../exact-data.ts'
import { oneLine } from '../header-text.ts'
import { mailHtml } from '../html.ts'
import { bytesOfFact, bytesOfParagraphs, facts, layout, paragraphs } from '../layout.ts'
import type { Letter } from '../letter.ts'
import { partBudget } from '../letter-too-large.ts'
import { recipientOf } from '../recipient.ts'
import { renderTemplate, type TemplateScope } from '../template.ts'

/** Takes mail of events that name no recipient. */
const eventsDesk = 'events@example.com'

/** A letter, and the template's places for which the event had no value. */
export interface TypedLetter {
  letter: Letter
  missing: string[]
}

/** What of an event the letter is made of. */
export interface LetterEvent {
  id: string
  type: string
  data: unknown
  /** The JSON text of `data`. */
  body: string
}

/**
 * The mail of a type that has no handler of its own: by its template, or as a list of its fields. Each part is measured before it is
 * made; throws `LetterTooLarge` where one would be larger than it may.
 */
export function anyTypeLetter(event: LetterEvent, template: EmailTemplate | undefined): TypedLetter {
  const to = { address: recipientOf(event.data, eventsDesk) }
  const scope = { id: event.id, type: event.type, exact: exactData(event.body) }
  if (template === undefined) return { letter: { to, ...listOfFields(scope) }, missing: [] }
  const subject = renderTemplate(template.subject, scope, partBudget(event.type, 'subject'))
  const body = renderTemplate(template.body, scope, partBudget(event.type, 'text'))
  const title = oneLine(subject.text)
  partBudget(event.type, 'html').spend(bytesOfParagraphs(title, body.text))
  return {
    letter: { to, subject: title, text: body.text, html: layout(title, mailHtml`${paragraphs(body.text)}`) },
    missing: [...new Set([...subject.missing, ...body.missing])],
  }
}

function listOfFields({ id, type, exact }: TemplateScope): Omit<Letter, 'to'> {
  const { data, shown } = exact
  const text = partBudget(type, 'text')
  const markup = partBudget(type, 'html')
  const fields: (readonly [string, unknown])[] =
    typeof data === 'object' && data !== null ? Object.entries(data) : [['data', data]]
  const rows: (readonly [string, string])[] = []
  for (const [name, value] of fields) {
    const row = [name, shown(value)] as const
    text.spend(Buffer.byteLength(`${row[0]}: ${row[1]}\n`))
    markup.spend(bytesOfFact(...row))
    rows.push(row)
  }
  rows.push(['message', id])
  return {
    subject: oneLine(`Event ${type}`),
    text: `${rows.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`,
    html: layout(`Event ${type}`, facts(rows)),
  }
}
