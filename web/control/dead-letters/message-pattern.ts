/**
 * The message of an error without what differs from one message to the next, so that equal causes read alike: ids, addresses, quoted
 * values and numbers become `…`.
 */
export function messagePattern(message: string): string {
  return message
    .replace(/\n[\s\S]*/, '')
    .slice(0, 300)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '…')
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '…')
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '…')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '…')
    .replace(/\d+([.,:]\d+)*/g, '…')
    .trim()
}
