import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { Section } from '#web/ui/panel.tsx'
import { durationWords } from '../words/figures.ts'
import { backoffSchedule } from './policy-draft.ts'

/** When each further attempt would be due; the bar spans what jitter allows, on the scale of the longest wait. */
export function BackoffSchedule({ policy }: { policy: RetryPolicy }) {
  const schedule = backoffSchedule(policy)
  const longest = Math.max(1, ...schedule.map(({ toMs }) => toMs))
  const percent = (ms: number): string => `${(ms / longest) * 100}%`
  return (
    <Section title="Schedule" aside="after the failure before it">
      {schedule.length === 0 ? (
        <p className="text-fg-3">A failed message goes to the dead letters at once.</p>
      ) : (
        <ul>
          {schedule.map(({ attempt, fromMs, toMs }) => (
            <li
              className="grid h-5 grid-cols-[64px_1fr_104px] items-center gap-2 [&>:last-child]:text-right"
              key={attempt}
            >
              <span className="text-fg-2">attempt {attempt}</span>
              <span className="relative h-2" aria-hidden="true">
                <i
                  className="absolute top-0 bottom-0 min-w-0.75 rounded-[2px] border border-dashed border-retrying"
                  style={{ left: percent(fromMs), right: percent(longest - toMs) }}
                />
              </span>
              <span className="text-fg-3">
                {fromMs === toMs ? durationWords(toMs) : `${durationWords(fromMs)} – ${durationWords(toMs)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="text-fg-3">
        After {policy.maximumAttempts === 1 ? 'the only attempt' : `${policy.maximumAttempts} attempts`} it goes to the
        dead letters.
      </p>
    </Section>
  )
}
