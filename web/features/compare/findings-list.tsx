import type { Finding, FindingEvidence } from '#contracts/scenario-run/finding.ts'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { durationWords } from '../words/figures.ts'

const icons: Partial<Record<FindingEvidence['kind'], IconName>> = {
  ...{ check: 'pass', fault: 'bolt', sample: 'chart', phase: 'clock', audit: 'pass', run: 'file', cut: 'stop' },
}

/** What differs and why, each with the lines of the journals that say it. */
export function FindingsList({ findings, chosen }: { findings: readonly Finding[]; chosen: number | undefined }) {
  return (
    <section className="min-w-0 overflow-auto py-3" aria-label="What differs and why">
      <h3 className="px-4 pb-2 type-12 font-semibold">
        What differs and why{' '}
        <span className="ml-1 type-11 font-normal text-fg-3">
          {findings.length === 1 ? '1 finding' : `${findings.length} findings`}, each with its evidence
        </span>
      </h3>
      {findings.length === 0 ? (
        <p className="px-4 text-fg-3">Nothing beyond what two runs of the same differ by.</p>
      ) : null}
      <ol className="grid">
        {findings.map(({ claim, detail, evidence }, index) => (
          <li
            key={claim}
            id={`finding-${index + 1}`}
            tabIndex={-1}
            className={cn(
              'grid grid-cols-[24px_minmax(0,1fr)] gap-2 px-4 py-2 focus:outline-none',
              chosen === index + 1 && 'bg-accent-bg shadow-[inset_2px_0_0_var(--accent)]',
            )}
          >
            <span
              className={cn(
                'mt-0.5 inline-grid size-5 place-items-center rounded-full border border-border-strong type-11 text-fg-2',
                chosen === index + 1 && 'border-primary bg-primary text-on-primary',
              )}
            >
              {index + 1}
            </span>
            <div className="min-w-0">
              <p className="wrap-anywhere text-fg-2">
                <b className="font-semibold text-fg">{claim}</b> {detail}
              </p>
              <ul className="mt-1 flex flex-wrap gap-1" aria-label="Evidence">
                {evidence.map((one) => (
                  <li
                    key={`${one.side} ${one.line}`}
                    className="inline-flex h-5 max-w-full items-center gap-1 rounded-sm border border-border px-1.5 type-mono-11 text-accent-fg"
                    title={`${one.side.toUpperCase()}, line ${one.line} of its journal, ${one.kind}`}
                  >
                    <Icon name={icons[one.kind] ?? 'log'} size={12} />
                    <span className="truncate">
                      {one.side.toUpperCase()}:{one.line} {one.text}
                      {one.at > 0 ? ` at ${durationWords(one.at)}` : ''}
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
