import { jsonTokens } from './json-tokens.ts'
import './json.css'

/** A JSON text to read, coloured by what its pieces are. Long lines wrap, so nothing needs to be scrolled sideways. */
export function JsonView({ text, tight = false }: { text: string; tight?: boolean }) {
  return (
    <pre className={`code code--wrap${tight ? ' code--tight' : ''}`}>
      <JsonText text={text} />
    </pre>
  )
}

/** The coloured pieces alone, for a `pre` that holds more. */
export function JsonText({ text }: { text: string }) {
  let at = 0
  return jsonTokens(text).map((token) => {
    const key = at
    at += token.text.length
    return (
      <span key={key} className={token.kind || undefined}>
        {token.text}
      </span>
    )
  })
}
