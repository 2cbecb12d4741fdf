import type { EmailTemplate } from '#contracts/events/event-type.ts'
import { html } from '../html.ts'
import { facts, layout, paragraphs } from '../layout.ts'
import type { Letter } from '../letter.ts'
import { recipientOf } from '../recipient.ts'
import { renderTemplate, shown } from '../template.ts'

/** Takes mail of events that name no recipient. */
const eventsDesk = 'events@example.com'

/** A letter, and the template's places for which the event had no value. */
export interface TypedLetter {
  letter: Letter
  missing: string[]
}

/** The mail of a type that has no handler of its own: by its template, or as a list of its fields. */
export function anyTypeLetter(
  event: { id: string; type: string; data: unknown },
  template: EmailTemplate | undefined,
): TypedLetter {
  const to = { address: recipientOf(event.data, eventsDesk) }
  if (template === undefined) return { letter: { to, ...listOfFields(event) }, missing: [] }
  const subject = renderTemplate(template.subject, event)
  const body = renderTemplate(template.body, event)
  const title = oneLine(subject.text)
  return {
    letter: { to, subject: title, text: body.text, html: layout(title, html`${paragraphs(body.text)}`) },
    missing: [...new Set([...subject.missing, ...body.missing])],
  }
}

function listOfFields({ id, type, data }: { id: string; type: string; data: unknown }): Omit<Letter, 'to'> {
  const fields = typeof data === 'object' && data !== null ? Object.entries(data) : [['data', data] as const]
  const rows = [...fields.map(([name, value]) => [name, shown(value)] as const), ['message', id] as const]
  return {
    subject: `Event ${type}`,
    text: `${rows.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`,
    html: layout(`Event ${type}`, facts(rows)),
  }
}

/** A subject has one line, whatever the values hold. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
