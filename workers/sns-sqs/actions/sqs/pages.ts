import { AwsError } from '../../protocol/aws-error.ts'
import { type Input, optionalInteger } from '../../protocol/fields.ts'

const largestPage = 1000

/** How many entries a page has; undefined if the request does not ask for pages. */
export const pageSize = (input: Input): number | undefined => optionalInteger(input, 'MaxResults', 1, largestPage)

/** One page by name. Without a size there is one page of at most 1,000 and no token. */
export function sqsPage<T>(
  items: T[],
  nameOf: (item: T) => string,
  size: number | undefined,
  token: string | undefined,
): { items: T[]; next?: string } {
  const after = token === undefined ? '' : readToken(token)
  const rest = items.filter((item) => nameOf(item) > after).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const shown = rest.slice(0, size ?? largestPage)
  const last = shown.at(-1)
  const more = size !== undefined && last !== undefined && rest.length > shown.length
  return more ? { items: shown, next: Buffer.from(`v1:${nameOf(last)}`).toString('base64') } : { items: shown }
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString()
  if (!text.startsWith('v1:')) throw new AwsError('InvalidParameterValue', 'Invalid or expired next token.')
  return text.slice(3)
}
