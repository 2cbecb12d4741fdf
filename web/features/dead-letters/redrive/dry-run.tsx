'use client'

import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Button } from '#web/ui/button.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { statusClass } from '#web/ui/status.tsx'
import { redriveFindingsOf } from './redrive-words.ts'
import type { DryRun } from './use-dry-run.ts'

interface DryRunSectionProps {
  title: string
  run: DryRun
  /** Why it cannot be asked yet. */
  blocked?: string | undefined
}

/** Who would run again and what that may do, before anything is sent. */
export function DryRunSection({ title, run: { redrive, problem, waiting, again }, blocked }: DryRunSectionProps) {
  const nodes = useLive((live) => live.topology.nodes)
  const consumers = useMemo(() => nodes.filter(({ kind }) => kind === 'consumer'), [nodes])
  const findings = useMemo(() => {
    if (!redrive) return []
    const promises = (group: string) => consumers.some(({ name, idempotent }) => name === group && idempotent === true)
    return redriveFindingsOf(
      redrive,
      consumers.map(({ name }) => name),
      promises,
    )
  }, [redrive, consumers])
  return (
    <Section
      className="flex-none"
      title={title}
      aside={waiting ? 'asking…' : 'nothing was sent'}
      actions={
        <Button small variant="ghost" disabled={waiting || blocked !== undefined} onClick={again}>
          <Icon name="retry" size={12} />
          Again
        </Button>
      }
    >
      {blocked === undefined ? null : <p className="text-fg-3">{blocked}</p>}
      {problem && blocked === undefined ? <ProblemNote problem={problem} /> : null}
      {redrive && !problem && blocked === undefined ? (
        <ul className={cn('grid gap-2', waiting && 'opacity-55')} aria-live="polite">
          {findings.map(({ tone, glyph, who, text, detail }) => (
            <li className="grid grid-cols-[12px_1fr] gap-2" key={`${who} ${text} ${detail}`}>
              <span className={cn(statusClass, 'mt-0.5 self-start', toneClass[tone])}>
                <Glyph name={glyph} />
              </span>
              <div>
                <p>
                  <b>{who}</b> {text}
                </p>
                <p className="text-fg-3">{detail}</p>
              </div>
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  )
}
