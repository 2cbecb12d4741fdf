import type { ReactNode } from 'react'
import type { Run } from '#contracts/api/run.ts'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { sectionClass } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'
import { durationWords } from '../../words/figures.ts'
import { faultSentence } from './run-marks.ts'

/** Why the verdict is not `pass`, in the run's own words. */
export function Reasons({ run }: { run: Run }) {
  if (run.reasons.length === 0) return null
  const title = run.verdict === 'fail' ? 'Why it failed' : 'Why it is inconclusive'
  return (
    <section className={sectionClass} aria-label={title}>
      <h3 className="type-12 font-semibold">{title}</h3>
      <Items items={run.reasons} />
    </section>
  )
}

/** Faults in words, steps, remarks, and the file with its seed. */
export function RunNotes({ run, scenario }: { run: Run; scenario: string }) {
  return (
    <>
      {run.faults.length === 0 ? null : (
        <Section title="Faults">
          <Items items={run.faults.map(faultSentence)} />
        </Section>
      )}
      {run.steps.length === 0 ? null : (
        <Section title="Steps">
          <Items
            items={run.steps.map(({ id, at, detail, failed }) => (
              <>
                <Status tone={failed ? 'lost' : 'delivered'} glyph={failed ? 'lost' : 'delivered'}>
                  {id}
                </Status>{' '}
                <span className="text-fg-3 tabular-nums">{durationWords(at)}</span> {detail}
              </>
            ))}
          />
        </Section>
      )}
      {run.notes.length === 0 ? null : (
        <Section title="Notes">
          <Items items={run.notes} />
        </Section>
      )}
      <Section
        title="The file"
        aside={`seed ${run.seed}, version ${run.version}${run.lab === undefined ? '' : `, lab ${run.lab}`}`}
      >
        {run.eventsDigest === undefined ? null : (
          <p className="wrap-anywhere text-fg-3">
            The messages that were sent, as a digest: <code>{run.eventsDigest.slice(0, 16)}</code>. The same file and
            seed give the same.
          </p>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and holds nothing that the keyboard could reach instead */}
        <pre className={cn(codeClass, 'max-h-80 overflow-auto')} tabIndex={0}>
          {scenario}
        </pre>
      </Section>
    </>
  )
}

const Items = ({ items }: { items: readonly ReactNode[] }) => (
  <ul className="grid gap-1">
    {items.map((item, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are only added to, and have nothing else that tells them apart
      <li key={index} className="wrap-anywhere text-fg-2">
        {item}
      </li>
    ))}
  </ul>
)
