import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { jsonTokens } from './json-tokens.ts'

const colours: Record<string, string> = { k: 'text-fg', s: 'text-fg-2', n: 'text-accent-fg', p: 'text-fg-3' }

/** A JSON text to read, coloured by what its pieces are. Long lines wrap, so nothing needs to be scrolled sideways. */
export function JsonView({ text, tight = false }: { text: string; tight?: boolean }) {
  return (
    <pre className={cn(codeClass, 'wrap-anywhere whitespace-pre-wrap', tight && 'px-3 py-1.5 leading-4')}>
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
      <span key={key} className={colours[token.kind]}>
        {token.text}
      </span>
    )
  })
}
