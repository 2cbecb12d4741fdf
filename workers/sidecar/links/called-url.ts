import { resolveNames } from '#contracts/environment-names.ts'
import { serviceBody } from '#contracts/lab-declaration.ts'
import { addressOf, httpPorts, type Link } from './links.ts'

/**
 * The address of a program that runs elsewhere, from what its service is made of, as JSON. Undefined if the service is not such a program, and where
 * the address cannot be read: its worker says why.
 */
export function calledUrl(body: string | undefined, env: Record<string, string | undefined>): string | undefined {
  try {
    const made = serviceBody.parse(JSON.parse(body ?? 'null'))
    if (made.kind !== 'url') return undefined
    const { text, missing } = resolveNames(made.url, env)
    if (missing.length > 0) return undefined
    addressOf(text, httpPorts)
    return text
  } catch {
    return undefined
  }
}

/** The link of a service to the program that runs elsewhere: `fraud->url`. */
export const calledLinks = (service: string, url: string | undefined): Link[] =>
  url === undefined ? [] : [{ id: `${service}->url`, ...addressOf(url, httpPorts) }]
