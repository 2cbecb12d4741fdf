import type { Journey } from '#contracts/api/journey.ts'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { levelClass } from '#web/ui/recipes/level.ts'
import { clock } from '../words/figures.ts'

/** Lines of the workers that name this message; `of`: or those that name the events of a flow. */
export function LogsTab({ logs, of = 'message' }: Pick<Journey, 'logs'> & { of?: 'message' | 'flow' }) {
  if (logs.length === 0) {
    return <p className="p-4 text-fg-3">No worker has written a line about this {of}.</p>
  }
  return (
    <Section title="Logs" aside={of === 'flow' ? 'lines that name its events' : 'lines that name this message'}>
      <ol>
        {logs.map((line, at) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added at the end, and two may say the same
            key={`${line.at} ${at}`}
            className="grid grid-cols-[84px_104px_auto_1fr] items-baseline gap-x-2 border-t border-line py-1 first:border-t-0"
          >
            <span className="mono text-fg-3">{clock(line.at)}</span>
            <span className="min-w-0 truncate mono text-fg-2">{line.instance}</span>
            <span className={cn('font-medium', levelClass[line.level])}>{line.level === 'info' ? '' : line.level}</span>
            <span className="wrap-anywhere">{line.message}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
