import type { EmailTemplate } from '../../events/event-type.ts'
import type { PublishedEvent } from './declared-event.ts'
import { filledTemplate } from './filled-template.ts'
import { fieldOf, isNull, type JsonValue, jsonValueAt, printed } from './json-value.ts'
import { inHeader } from './mail-text.ts'

/** What the letter for an event says. Whoever checks mails reads this, and not how they are written. */
export interface DeclaredMail {
  /** Display name of the recipient, where the letter gives one. */
  name?: string
  subject: string
  /** The whole text part. */
  text: string
  /** Every piece of text of the HTML part, tags aside, in order. Blank ones do not count. */
  shows: string[]
}

/** A letter as data: who gets it, and what it says. */
export interface MailDeclaration {
  /** JSON pointer of the address, used as the event has it. */
  to: string
  /** Who gets it where the event names nobody: the pointer leads to nothing, or to null. */
  otherwise: string
  says(event: PublishedEvent, data: JsonValue, template: EmailTemplate | undefined): DeclaredMail
}

const footer = "Sent by Faultline's consumer-email."
const eventsDesk = 'events@example.com'
const ordersDesk = 'orders@example.com'

const text = (data: JsonValue, pointer: string): string => {
  const value = jsonValueAt(data, pointer)
  return value === undefined ? '' : shownValue(value)
}
/** Of sums the letter shows two decimals, as the doubles of JavaScript round them. */
const money = (...factors: string[]): string =>
  factors.reduce((product, factor) => product * Number(factor), 1).toFixed(2)

/** A value as a person reads it: text as it is, all else as JSON. */
function shownValue(value: JsonValue): string {
  return value.kind === 'string' ? value.text : printed(value)
}

/** The letters of consumer-email, by event type; `*` is every other type. */
export const mailDeclarations: Readonly<Record<string, MailDeclaration>> = {
  user_signup: {
    to: '/email',
    otherwise: '',
    says(_, data) {
      const email = text(data, '/email')
      const name = jsonValueAt(data, '/name') === undefined ? undefined : text(data, '/name')
      const title = name === undefined ? 'Welcome' : `Welcome, ${name}`
      return {
        ...(name === undefined ? {} : { name }),
        subject: title,
        text: `${title}!\n\nYour account for ${email} is ready.\n`,
        shows: [title, title, 'Your account for', email, 'is ready.', footer],
      }
    },
  },
  order_placed: {
    to: '/email',
    otherwise: '',
    says(_, data) {
      const orderId = text(data, '/orderId')
      const total = money(text(data, '/total'))
      const items = jsonValueAt(data, '/items')
      const lines = (items?.kind === 'array' ? items.items : []).map((item) => {
        const [sku, qty, price] = ['/sku', '/qty', '/price'].map((pointer) => text(item, pointer))
        return [`${qty} × ${sku}`, money(qty ?? '', price ?? '')]
      })
      return {
        subject: `Your order ${orderId}`,
        text: [
          `Thank you for your order ${orderId}.\n\n`,
          ...lines.map(([what, sum]) => `  ${what}  ${sum}\n`),
          `\nTotal: ${total}\n`,
        ].join(''),
        shows: [
          'Thank you for your order',
          'Thank you for your order',
          `Order ${orderId}`,
          ...lines.flat(),
          'Total',
          total,
          footer,
        ],
      }
    },
  },
  payment_failed: {
    to: '/email',
    otherwise: ordersDesk,
    says(_, data) {
      const [orderId, reason] = [text(data, '/orderId'), text(data, '/reason')]
      return {
        subject: `Payment failed for order ${orderId}`,
        text: `The payment for order ${orderId} failed.\n\nReason: ${reason}\n`,
        shows: ['A payment failed', 'A payment failed', 'Order', orderId, 'Reason', reason, footer],
      }
    },
  },
  '*': {
    to: '/email',
    otherwise: eventsDesk,
    says: (event, data, template) =>
      template === undefined ? listOfFields(event, data) : byTemplate(event, data, template),
  },
}

function byTemplate(event: PublishedEvent, data: JsonValue, template: EmailTemplate): DeclaredMail {
  const root: JsonValue = {
    kind: 'object',
    fields: new Map<string, JsonValue>([
      ['id', { kind: 'string', text: event.id }],
      ['type', { kind: 'string', text: event.type }],
      ['data', data],
    ]),
  }
  const value = (path: string): string => {
    const found = path.split('.').reduce<JsonValue | undefined>((inner, name) => fieldOf(inner, name), root)
    return found === undefined || isNull(found) ? '' : shownValue(found)
  }
  const subject = filledTemplate(template.subject, value)
  const body = filledTemplate(template.body, value)
  const title = inHeader(subject)
  return { subject, text: body, shows: [title, title, ...body.split(/\n{2,}/), footer] }
}

function listOfFields(event: PublishedEvent, data: JsonValue): DeclaredMail {
  const rows = [...fieldsOf(data).map(([name, value]) => [name, shownValue(value)]), ['message', event.id]]
  const title = `Event ${event.type}`
  return {
    subject: title,
    text: rows.map(([name, value]) => `${name}: ${value}\n`).join(''),
    shows: [title, title, ...rows.flat(), footer],
  }
}

/** Fields in the order in which JavaScript lists them: those that are array indexes first, by number. */
function fieldsOf(data: JsonValue): [string, JsonValue][] {
  if (data.kind === 'array') return data.items.map((item, index) => [String(index), item])
  if (data.kind !== 'object') return [['data', data]]
  const isIndex = (name: string): boolean => /^(0|[1-9]\d{0,9})$/.test(name) && Number(name) < 2 ** 32 - 1
  const all = [...data.fields]
  return [
    ...all.filter(([name]) => isIndex(name)).sort(([a], [b]) => Number(a) - Number(b)),
    ...all.filter(([name]) => !isIndex(name)),
  ]
}
