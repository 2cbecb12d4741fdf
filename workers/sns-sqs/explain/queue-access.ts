/**
 * Whether a queue's policy lets a topic send to it, as AWS would judge it; the simulator itself refuses nobody. What this does not read
 * (other operators of conditions) counts as not met.
 */
export function letsTopicSend(policy: string | undefined, queueArn: string, topicArn: string): boolean {
  let read: unknown
  try {
    read = JSON.parse(policy ?? '')
  } catch {
    return false
  }
  const statements = listOf(fields(read).Statement).map(fields)
  const fitting = statements.filter((statement) => concerns(statement, queueArn, topicArn))
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny')
}

const fields = (value: unknown): Record<string, unknown> => Object(value) as Record<string, unknown>
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const texts = (value: unknown): string[] => listOf(value).filter((one) => typeof one === 'string')

function concerns(statement: Record<string, unknown>, queueArn: string, topicArn: string): boolean {
  const { Principal, Action, Resource, Condition } = statement
  const principals = texts(Principal).concat(texts(fields(Principal).Service), texts(fields(Principal).AWS))
  return (
    principals.some((one) => one === '*' || one === 'sns.amazonaws.com') &&
    texts(Action).some((one) => fits(one.toLowerCase(), 'sqs:sendmessage')) &&
    texts(Resource).some((one) => fits(one, queueArn)) &&
    Object.entries(fields(Condition)).every(([operator, conditions]) => holds(operator, conditions, topicArn))
  )
}

function holds(operator: string, conditions: unknown, topicArn: string): boolean {
  const like = /^(Arn(Like|Equals)|StringLike)(IfExists)?$/.test(operator)
  if (!like && !/^StringEquals(IfExists)?$/.test(operator)) return false
  return Object.entries(fields(conditions)).every(([key, values]) => {
    const found = /^aws:SourceArn$/i.test(key)
      ? topicArn
      : /^aws:SourceAccount$/i.test(key)
        ? topicArn.split(':')[4]
        : undefined
    return found !== undefined && texts(values).some((wanted) => (like ? fits(wanted, found) : wanted === found))
  })
}

/** `*` is any characters and `?` one. Compared piece by piece, so that no pattern takes long. */
function fits(pattern: string, text: string): boolean {
  let [at, place, star, back] = [0, 0, -1, 0]
  while (place < text.length) {
    if (pattern[at] === '*') {
      star = at++
      back = place
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[place])) {
      at++
      place++
    } else if (star !== -1) {
      at = star + 1
      place = ++back
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}
