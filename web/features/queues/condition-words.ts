import type { ExplainStep, KeyVerdict, QueueExplanation } from '#contracts/api/queues/explanation.ts'
import { nameOfArn } from '#contracts/api/queues/queues.ts'

/** What a condition of a filter policy asks for, in a few words; `fails`: that it does not hold. */
export function conditionWords(condition: unknown, fails: boolean): string {
  const asks = askedBy(condition)
  if (!fails) return asks
  return asks === 'equals' ? 'is not equal' : `${asks} does not hold`
}

function askedBy(condition: unknown): string {
  if (typeof condition !== 'object' || condition === null) return 'equals'
  const [operator = '', operand] = Object.entries(condition)[0] ?? []
  switch (operator) {
    case 'prefix':
      return `starts with ${operand}`
    case 'suffix':
      return `ends with ${operand}`
    case 'equals-ignore-case':
      return 'equals, in any case'
    case 'wildcard':
      return `is like ${operand}`
    case 'exists':
      return operand === true ? 'is there' : 'is absent'
    case 'cidr':
      return `lies in ${operand}`
    case 'numeric':
      return bounds(operand)
    case 'anything-but':
      return 'is none of these'
    default:
      return operator
  }
}

const signs: Record<string, string> = { '<=': '≤', '>=': '≥' }

function bounds(operand: unknown): string {
  const parts = Array.isArray(operand) ? operand : []
  const pieces: string[] = []
  for (let at = 0; at + 1 < parts.length; at += 2)
    pieces.push(`${signs[String(parts[at])] ?? parts[at]} ${parts[at + 1]}`)
  return pieces.join(' and ')
}

/** What was found at a key: `= "dhl"`, `= 1, 2`, or `absent`. */
export function foundWords({ found }: Pick<KeyVerdict, 'found'>): string {
  if (found === undefined) return 'absent'
  if (found.length === 0) return 'no value'
  const shown = found.slice(0, 3).map((one) => JSON.stringify(one))
  return `= ${shown.join(', ')}${found.length > 3 ? ` and ${found.length - 3} more` : ''}`
}

export interface VerdictWords {
  tone: 'delivered' | 'lost' | 'retrying'
  title: string
  detail: string
}

/** The answer in a sentence, and what it means for the ledger. */
export function verdictWords({ passes, steps, filter, endpoint }: QueueExplanation): VerdictWords {
  const name = nameOfArn(endpoint)
  const stopped = steps.find(({ verdict }) => verdict === 'stops')
  if (stopped !== undefined) return { tone: 'lost', ...stopWords(stopped, filter?.keys ?? []) }
  const doubt = steps.find(({ verdict }) => verdict === 'may-stop')
  if (passes && doubt !== undefined) {
    return { tone: 'retrying', title: `${name} takes this message, but for one thing.`, detail: sentence(doubt.text) }
  }
  return { tone: 'delivered', title: `${name} takes this message.`, detail: 'Nothing on its way stops it now.' }
}

function stopWords(step: ExplainStep, keys: readonly KeyVerdict[]): Omit<VerdictWords, 'tone'> {
  if (step.code !== 'filtered') {
    const lost =
      step.code === 'lost-leg' ? 'A fault took it: the queue is owed it.' : 'Nothing behind this step was reached.'
    return {
      title: sentence(step.text),
      detail: step.step === 'arrival' ? 'SNS handed it over; the queue no longer has it.' : lost,
    }
  }
  const failing = keys.filter(({ passes }) => !passes)
  const first = failing[0]
  const why =
    first === undefined
      ? step.text
      : first.anyOf !== undefined
        ? 'none of the policies of $or holds'
        : `${first.key} ${first.found === undefined ? 'is absent' : foundWords(first).replace(/^= /, 'is ')}${askedWords(first)}`
  return {
    title: `Filtered out: ${why}.`,
    detail: `Not lost: the queue was never owed it. ${keys.length - failing.length} of ${keys.length} keys pass; all must.`,
  }
}

/** What a key with one condition asks for. */
function askedWords({ conditions }: KeyVerdict): string {
  const [only, ...more] = conditions
  if (only === undefined || more.length > 0) return ''
  const asks = askedBy(only.condition)
  return `; the policy asks for ${asks === 'equals' ? JSON.stringify(only.condition) : `“${asks}”`}`
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
