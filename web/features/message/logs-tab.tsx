import type { Journey } from '#contracts/api/journey.ts'
import { Section } from '#web/ui/panel.tsx'
import { clock } from '../words/figures.ts'

/** Lines of the workers that name this message. */
export function LogsTab({ journey }: { journey: Journey }) {
  if (journey.logs.length === 0) {
    return <p className="message__none t3">No worker has written a line about this message.</p>
  }
  return (
    <Section title="Logs" aside="lines that name this message">
      <ol className="message__logs">
        {journey.logs.map((line) => (
          <li key={`${line.at} ${line.instance} ${line.message}`} className={`is-${line.level}`}>
            <span className="mono t3">{clock(line.at)}</span>
            <span className="mono t2 clip">{line.instance}</span>
            <span className="message__level">{line.level === 'info' ? '' : line.level}</span>
            <span className="message__text">{line.message}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
