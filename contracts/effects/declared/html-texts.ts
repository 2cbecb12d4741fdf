const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** The pieces of text between the tags of an HTML document, entities decoded and trimmed, blank ones left out. */
export function htmlTexts(html: string): string[] {
  return html
    .split(/<[^<>]*>/)
    .map((piece) => piece.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole).trim())
    .filter((piece) => piece !== '')
}
