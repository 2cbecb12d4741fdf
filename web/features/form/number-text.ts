import { ExactJson } from '#contracts/events/exact-json.ts'
import { isKept } from '#contracts/events/exact-numbers.ts'

/** How a locale writes numbers. */
interface Marks {
  decimal: string
  group: string
}

function marksOf(locale: string | undefined): Marks {
  const parts = new Intl.NumberFormat(locale).formatToParts(1_234_567.5)
  const part = (type: string, other: string): string => parts.find((one) => one.type === type)?.value ?? other
  return { decimal: part('decimal', '.'), group: part('group', ',') }
}

/** A number that JSON takes. */
const json = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * What a typed text is as a value: a number, as `ExactJson` where it has more digits than JavaScript has room for; undefined if it is
 * empty; else the text itself, which no number schema takes and `numberProblem` explains. A number is taken where it has one meaning: as
 * JSON writes it, or with the decimal mark of the reader's locale. What could be thousands or decimals, `1,500`, is refused.
 */
export function numberOf(text: string, locale?: string): number | ExactJson | string | undefined {
  const typed = text.trim()
  if (typed === '') return undefined
  if (numberProblem(typed, locale) !== undefined) return text
  const plain = plainOf(typed, marksOf(locale))
  return isKept(plain) ? Number(plain) : new ExactJson(plain)
}

/** Why a typed text is not a number; undefined if it is one, or empty. */
export function numberProblem(text: string, locale?: string): string | undefined {
  const typed = text.trim()
  if (typed === '') return undefined
  const marks = marksOf(locale)
  const isThousands = /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/.test(typed)
  // A point before three digits is JSON's own way to write decimals where it is the locale's too.
  if (isThousands && !(typed.includes('.') && marks.decimal === '.')) {
    return `could be thousands or decimals; write ${typed.replace(/[.,]/, '')}, or more digits after the mark`
  }
  const plain = plainOf(typed, marks)
  if (!json.test(plain)) return 'is not a number; write it without spaces, marks between thousands, or a unit'
  return Number.isFinite(Number(plain)) ? undefined : 'is too large for a number'
}

/** With a point as its decimal mark, and without what JSON does not take: a plus, zeros in front, a mark without digits after it. */
function plainOf(typed: string, { decimal }: Marks): string {
  const pointed =
    decimal !== '.' && typed.split(decimal).length === 2 && !typed.includes('.') ? typed.replace(decimal, '.') : typed
  return pointed
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
}
