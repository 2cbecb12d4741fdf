import { redactForms } from '#contracts/secrets.ts'
import type { ProgramAnswer } from './call.ts'

/** What an answer that is not a success says went wrong. */
export interface ProgramProblem {
  type: string
  message: string
}

/** Characters of an answer that are looked at, and that are reported. */
const readMost = 8_192
const maxLength = 1_000

/** Of `application/problem+json` (RFC 9457) its type, title and detail; else the status and the first line of the body. */
export function programProblemOf({ status, statusText, headers, body }: ProgramAnswer): ProgramProblem {
  const about = `${status}${statusText === '' ? '' : ` ${statusText}`}`
  const text = body.toString()
  const details = /^application\/problem\+json\b/i.test(headers['content-type'] ?? '') ? detailsOf(text) : undefined
  if (details === undefined) return { type: `Http${status}`, message: said(about, firstLine(text.slice(0, readMost))) }
  const { type, title, detail } = details
  return {
    type: type === undefined || type === 'about:blank' ? (title ?? `Http${status}`) : type,
    message: said(title ?? about, detail),
  }
}

interface Details {
  type?: string | undefined
  title?: string | undefined
  detail?: string | undefined
}

function detailsOf(text: string): Details | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const members = new Map<string, unknown>(Object.entries(value))
    const textOf = (name: string): string | undefined => {
      const found = members.get(name)
      return typeof found === 'string' && found.trim() !== '' ? found.trim().slice(0, readMost) : undefined
    }
    return { type: textOf('type'), title: textOf('title'), detail: textOf('detail') }
  } catch {
    // It claims to be what it is not: then it is text.
    return undefined
  }
}

/** Cut last: half a secret would not be known as one. */
const said = (about: string, more: string | undefined): string =>
  redactForms(more ? `${about}: ${more}` : about).slice(0, maxLength)

/** Of a page the text, since its first line is a doctype. */
function firstLine(text: string): string {
  const plain = /^\s*<(!doctype|html)/i.test(text)
    ? text.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, '\n')
    : text
  return (
    plain
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  )
}
