/**
 * A body as `message.poison` leaves it. malformed: cut in half, so that it is not JSON any more. schema: JSON text that no schema
 * of an object takes.
 */
export function poisonBody(variant: 'malformed' | 'schema', body: string): string {
  if (variant === 'schema') return '"poisoned"'
  // Half of a document of an object or array never is one; a lone number would be, hence the brace.
  return `{${body.slice(0, Math.floor(body.length / 2))}`
}
