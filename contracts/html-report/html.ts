/** Markup that goes into the page unescaped. Only `html` makes it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Piece = string | number | Html | undefined | readonly (Html | undefined)[]

/** Markup with values in it. Every value that is not markup itself is escaped, in attributes too, which must have double quotes. */
export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(texts.map((text, index) => text + rendered(pieces[index])).join(''))
}

function rendered(piece: Piece): string {
  if (piece === undefined) return ''
  if (piece instanceof Html) return piece.text
  if (typeof piece === 'object') return piece.map(rendered).join('')
  return escaped(String(piece))
}

/** Characters that no page shows, and that could end a document for some readers. */
const isWritable = (character: string): boolean => character >= ' ' || '\t\n\r'.includes(character)

const escaped = (text: string): string =>
  [...text]
    .filter(isWritable)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
