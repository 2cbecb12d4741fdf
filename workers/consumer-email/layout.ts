import { escapedBytes, type MailHtml, mailHtml } from './html.ts'

const page = 'margin:0;padding:24px 12px;background:#f4f5f7;color:#1c2330'
const card =
  'max-width:560px;margin:0 auto;padding:28px 32px;background:#fff;border:1px solid #e1e4ea;border-radius:10px'
const body = 'font:16px/1.55 system-ui,-apple-system,Segoe UI,Roboto,sans-serif'
const heading = 'margin:0 0 14px;font-size:20px;line-height:1.3'
const foot = 'max-width:560px;margin:14px auto 0;font-size:12px;color:#6a7282;text-align:center'

/** A whole mail around its content: one card, no table, no image, nothing fetched. */
export function layout(title: string, content: MailHtml): string {
  return mailHtml`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="${page}"><div style="${card};${body}"><h1 style="${heading}">${title}</h1>
${content}</div>
<p style="${foot};${body}">Sent by Faultline's consumer-email.</p></body></html>
`.markup
}

/** Text with its line breaks; a blank line begins a paragraph. */
export function paragraphs(text: string): MailHtml[] {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => mailHtml`<p style="margin:0 0 12px;white-space:pre-line">${paragraph}</p>\n`)
}

/** Names and values, one below the other. */
export function facts(rows: readonly (readonly [string, string])[]): MailHtml {
  const items = rows.map(
    ([name, value]) =>
      mailHtml`<div style="display:flex;gap:12px;padding:6px 0;border-top:1px solid #eef0f3"><dt style="flex:0 0 34%;color:#6a7282">${name}</dt><dd style="margin:0;white-space:pre-wrap;overflow-wrap:anywhere">${value}</dd></div>\n`,
  )
  return mailHtml`<dl style="margin:0 0 12px">${items}</dl>\n`
}

/** Bytes that `facts` makes of one row. */
export const bytesOfFact = (name: string, value: string): number =>
  bytesOfEmptyFact + escapedBytes(name) + escapedBytes(value)

/** Bytes of `layout(title, paragraphs(text))`, a little more where the text has many blank lines. */
export const bytesOfParagraphs = (title: string, text: string): number =>
  bytesOfEmptyLayout +
  2 * escapedBytes(title) +
  escapedBytes(text) +
  bytesOfEmptyParagraph * (1 + (text.match(/\n{2,}/g)?.length ?? 0))

const bytesOfEmptyFact = Buffer.byteLength(facts([['', '']]).markup) - Buffer.byteLength(facts([]).markup)
const bytesOfEmptyParagraph = paragraphs('x').reduce((sum, { markup }) => sum + Buffer.byteLength(markup), -1)
const bytesOfEmptyLayout = Buffer.byteLength(layout('', mailHtml``))
