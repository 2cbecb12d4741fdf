import type { Ajv } from 'ajv'

/** The formats of JSON Schema for addresses in any script, which ajv-formats leaves out. Their ASCII counterparts must be known. */
export function addInternationalFormats(ajv: Pick<Ajv, 'formats' | 'addFormat'>): void {
  const is = (format: string, text: string): boolean => matches(ajv.formats[format], text)
  ajv.addFormat('idn-email', (text: string) => is('email', text.replace(/[^\0-\x7f]/gu, 'x')))
  ajv.addFormat('iri', (text: string) => isText(text) && is('uri', escaped(text)))
  ajv.addFormat('iri-reference', (text: string) => isText(text) && is('uri-reference', escaped(text)))
  ajv.addFormat('idn-hostname', (text: string) => {
    if (/[\0- /:?#@\\[\]%]/.test(text)) return false
    const url = URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`) : undefined
    return url !== undefined && is('hostname', url.hostname)
  })
}

/** Lone surrogates cannot be written as UTF-8, so they are part of no address. */
const isText = (text: string): boolean => !/\p{Surrogate}/u.test(text)
const escaped = (text: string): string => text.replace(/[^\0-\x7f]+/gu, encodeURIComponent)

function matches(format: unknown, text: string): boolean {
  if (format instanceof RegExp) return format.test(text)
  if (typeof format === 'function') return format(text) === true
  const validate = typeof format === 'object' && format !== null && 'validate' in format ? format.validate : undefined
  return validate === undefined ? false : matches(validate, text)
}
