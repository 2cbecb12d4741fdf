/** The section of a code in contracts/ERRORS.md, without its heading; empty if there is none. */
export function explanationOf(code: string, errorsText: string): string {
  return sections(errorsText).get(code)?.text ?? ''
}

/** Sections of ERRORS.md by code: `## code (status)`, then text. */
export function sections(errorsText: string): Map<string, { status: number; text: string }> {
  const found = new Map<string, { status: number; text: string }>()
  for (const section of errorsText.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = section.split('\n')
    const match = /^`?([a-z_]+)`? \((\d{3})\)$/.exec(heading.trim())
    if (match?.[1]) found.set(match[1], { status: Number(match[2]), text: lines.join('\n').trim() })
  }
  return found
}
