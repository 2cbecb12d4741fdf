/** Nobody outside can know it, so no text of a client is taken for a mark. */
const mark = `\ue000${crypto.getRandomValues(new BigUint64Array(2)).join('')}:`
const marked = new RegExp(`"${mark}([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"`, 'g')

/**
 * A value that `writeJson` writes as the JSON text that it came as: a number of more digits than JavaScript has room for keeps them.
 * `text` must be valid JSON.
 */
export class ExactJson {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toJSON(): string {
    return mark + this.#text
  }

  /** The text, for a reader. */
  toString(): string {
    return this.#text
  }
}

/** Keeps every digit of `text` if it is JSON; answers `otherwise` if not. */
export const exactOr = <Other>(text: string, otherwise: Other): ExactJson | Other =>
  isJson(text) ? new ExactJson(text) : otherwise

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** JSON of a value, with every `ExactJson` in it as its own text. */
export const writeJson = (value: unknown, indent?: number): string =>
  withExactTexts(JSON.stringify(value, undefined, indent))

/** Puts texts in the place of their marks, in JSON that was written of values with `ExactJson` in them. */
export const withExactTexts = (json: string): string =>
  json.includes(mark) ? json.replace(marked, (_, text: string) => JSON.parse(`"${text}"`) as string) : json
