import type { EmailTemplate } from '../../events/event-type.ts'
import { type Difference, dataOf, difference, type PublishedEvent } from './declared-event.ts'
import { htmlTexts } from './html-texts.ts'
import { isNull, jsonValueAt, printed } from './json-value.ts'
import { type DeclaredMail, mailDeclarations } from './mail-declarations.ts'
import { inBody, inHeader } from './mail-text.ts'

/** The letter that has to be sent for an event. */
export interface ExpectedMail extends DeclaredMail {
  /** The address, as the event has it; undefined if the event has something that is not text, so that no mail can be. */
  to: string | undefined
}

/** A mail as the mailbox took it and as a MIME parser reads it. */
export interface StoredMail {
  /** Recipients of the SMTP envelope. */
  envelope: readonly string[]
  /** Recipients that its `To` names. */
  to: readonly { address: string; name: string }[]
  /** Empty if it has none. */
  subject: string
  text: string
  html: string
}

/** What follows from an event and the template of its type, which has to be the one of the time when the mail was sent. */
export function expectedMail(event: PublishedEvent, template?: EmailTemplate): ExpectedMail {
  const isOwn = event.isGeneric !== true && Object.hasOwn(mailDeclarations, event.type)
  const declared = mailDeclarations[isOwn ? event.type : '*']
  if (declared === undefined) throw new Error(`no letter is declared for ${event.type}`)
  const data = dataOf(event)
  const address = jsonValueAt(data, declared.to)
  const isNamed = address !== undefined && !isNull(address)
  const to = isNamed ? (address.kind === 'string' ? address.text : undefined) : declared.otherwise
  return { to, ...declared.says(event, data, template) }
}

/** How a mail differs from what its event says; empty if it does not. */
export function compareMail(event: PublishedEvent, stored: StoredMail, template?: EmailTemplate): Difference[] {
  const expected = expectedMail(event, template)
  const {
    to = `no mail, since ${printed(jsonValueAt(dataOf(event), '/email') ?? { kind: 'literal', text: 'null' })} is not an address`,
  } = expected
  const addresses = stored.to.map(({ address }) => address)
  const names = stored.to.map(({ name }) => name).join(', ')
  return [
    ...(stored.envelope.length === 1 && stored.envelope[0] === to
      ? []
      : [difference('recipient', to, stored.envelope.join(', '))]),
    ...(addresses.length === 1 && asciiDomain(addresses[0] ?? '') === asciiDomain(to)
      ? []
      : [difference('to', to, addresses.join(', '))]),
    ...compareText('name', inHeader(expected.name ?? ''), names),
    ...compareText('subject', inHeader(expected.subject), stored.subject),
    ...compareText('text', inBody(expected.text), inBody(stored.text)),
    ...compareShown(expected.shows, htmlTexts(stored.html)),
  ]
}

const compareText = (field: string, expected: string, actual: string): Difference[] =>
  expected === actual ? [] : [difference(field, expected, actual)]

function compareShown(expected: readonly string[], actual: readonly string[]): Difference[] {
  const shows = expected.map((piece) => inBody(piece).trim()).filter((piece) => piece !== '')
  const stored = actual.map(inBody)
  const length = Math.max(shows.length, stored.length)
  const first = Array.from({ length }, (_, index) => index).find((index) => shows[index] !== stored[index])
  // After one piece more or less, all that follow would differ.
  return first === undefined ? [] : [difference(`html[${first}]`, shows[first], stored[first])]
}

/** Readers show a domain of `xn--` labels in its own script. */
function asciiDomain(address: string): string {
  const at = address.lastIndexOf('@')
  const labels = address.slice(at + 1).split('.')
  return (
    address.slice(0, at + 1) + labels.map((label) => (/[^\p{ASCII}]/u.test(label) ? toAscii(label) : label)).join('.')
  )
}

function toAscii(label: string): string {
  const url = `http://${label}/`
  return URL.canParse(url) ? new URL(url).hostname : label
}
