import type { DeadLetterItem, RedriveInput } from '#contracts/api/dead-letter.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import { parseDeadLetterId } from './dead-letter-item.ts'
import type { DeadLetterService } from './dead-letter-service.ts'

/** Which dead letters a redrive is about: the groups to look at, and which of theirs. */
export interface Selection {
  groups: readonly string[]
  chooses(item: DeadLetterItem): boolean
}

/** Throws a problem where the input names nothing that could be. */
export function selectionOf(input: RedriveInput, groups: readonly string[]): Selection {
  if (input.all) return { groups, chooses: () => true }
  if (input.cause !== undefined) return { groups, chooses: ({ cause }) => cause === input.cause }
  if (input.group !== undefined) {
    if (groups.includes(input.group)) return { groups: [input.group], chooses: () => true }
    throw new ApiProblem('unknown_consumer', `there is no consumer "${input.group}"; known: ${groups.join(', ')}`)
  }
  const ids = new Set(input.ids)
  const errors = (input.ids ?? []).flatMap((id, index) => {
    const group = parseDeadLetterId(id)?.group
    if (group !== undefined && groups.includes(group)) return []
    return [{ path: `/ids/${index}`, message: 'is not an id of a dead letter; GET /api/dead-letters lists them' }]
  })
  if (errors.length > 0) throw inputProblem('invalid_body', errors)
  const named = new Set([...ids].map((id) => parseDeadLetterId(id)?.group ?? ''))
  return { groups: groups.filter((group) => named.has(group)), chooses: ({ id }) => ids.has(id) }
}

/**
 * Dead letters of a group that are looked at, so that a redrive can say at once how many it takes. Those that are behind them follow,
 * and are added to `selected` when their turn comes. SQS hides what is looked at for 30 s: a look must end before that.
 */
export const redriveLimit = 20_000

/** The chosen ones that are there now, oldest first, and whether more may be behind them. */
export async function choose(
  letterService: Pick<DeadLetterService, 'ofGroup'>,
  { groups, chooses }: Selection,
): Promise<{ items: DeadLetterItem[]; more: boolean }> {
  const found = await Promise.all(groups.map((group) => letterService.ofGroup(group, redriveLimit)))
  return { items: found.flatMap(({ items }) => items.filter(chooses)), more: found.some(({ more }) => more) }
}
