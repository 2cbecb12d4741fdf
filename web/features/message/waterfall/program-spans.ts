import type { Attempt, ProgramSpan } from '#contracts/api/journey.ts'
import { durationWords, millis } from '../../words/figures.ts'
import { spanRequest, spanWords } from './program-span-words.ts'
import type { InnerSpan, WaterfallSpan } from './waterfall-row.ts'

/** By so much the clock of a program may differ before it is worth a word, in milliseconds. */
const slackMs = 50

/**
 * What a program reported of its inside, drawn within its attempt from `from` to `to` (epoch milliseconds) whatever its clock says. `key`: of
 * the attempt.
 */
export function innerSpans(
  attempt: Attempt,
  { from, to, key, tone }: Pick<WaterfallSpan, 'to' | 'key' | 'tone'> & { from: number },
): InnerSpan[] {
  return (attempt.spans ?? []).map((span, index) => {
    const { verb, what, note } = spanWords(span)
    const startedAt = Date.parse(span.startedAt)
    const within = (at: number): number => Math.min(Math.max(at, from), to)
    const request = spanRequest(span)
    const hint = [request ?? span.name, clockWords(span, attempt)].filter((text) => text !== undefined).join('\n')
    return {
      // An SDK that sends one id twice would be at fault; two rows of one key would be ours.
      key: `${key} ${span.spanId} ${index}`,
      ...(verb === undefined ? {} : { verb }),
      ...{ label: what, hint, glyph: 'span' as const },
      ...(note === undefined ? {} : { note }),
      tone: span.state === 'error' ? 'retrying' : tone === 'delivered' ? 'idle' : tone,
      bars: [{ kind: 'inner', from: within(startedAt), to: within(startedAt + span.tookMs) }],
      ...{ to, took: millis(span.tookMs), program: { span, attempt } },
    }
  })
}

/** How a span's own times lie beside its attempt, if they do not lie in it. */
export function clockWords({ startedAt, tookMs }: ProgramSpan, attempt: Attempt): string | undefined {
  const [start, from] = [Date.parse(startedAt), Date.parse(attempt.startedAt)]
  if (start < from - slackMs)
    return `By its own clock it began ${durationWords(from - start)} before its attempt: the clocks differ.`
  if (attempt.handlingMs === undefined) return undefined
  const to = from + attempt.handlingMs
  if (start > to + slackMs)
    return `By its own clock it began ${durationWords(start - to)} after its attempt had ended: work after the answer, or the clocks differ.`
  if (start + tookMs > to + slackMs)
    return `It went on for ${durationWords(start + tookMs - to)} after its attempt had ended.`
  return undefined
}
