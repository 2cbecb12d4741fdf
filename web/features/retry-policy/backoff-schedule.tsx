import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { Section } from '#web/ui/panel.tsx'
import { duration } from '../words/figures.ts'
import { backoffSchedule } from './policy-draft.ts'

/** When each further attempt would be due; the bar spans what jitter allows, on the scale of the longest wait. */
export function BackoffSchedule({ policy }: { policy: RetryPolicy }) {
  const schedule = backoffSchedule(policy)
  const longest = Math.max(1, ...schedule.map(({ toMs }) => toMs))
  const percent = (ms: number): string => `${(ms / longest) * 100}%`
  return (
    <Section title="Schedule" aside="after the failure before it">
      {schedule.length === 0 ? (
        <p className="t3">A failed message goes to the dead letters at once.</p>
      ) : (
        <ul className="schedule">
          {schedule.map(({ attempt, fromMs, toMs }) => (
            <li key={attempt}>
              <span className="t2">attempt {attempt}</span>
              <span className="schedule__lane" aria-hidden="true">
                <i style={{ left: percent(fromMs), right: percent(longest - toMs) }} />
              </span>
              <span className="t3">{fromMs === toMs ? duration(toMs) : `${duration(fromMs)} – ${duration(toMs)}`}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="t3">
        After {policy.maximumAttempts === 1 ? 'the only attempt' : `${policy.maximumAttempts} attempts`} it goes to the
        dead letters.
      </p>
    </Section>
  )
}
