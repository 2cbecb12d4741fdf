'use client'

import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { useAudit } from './audit-store.ts'
import { auditedWords, behindVerdict, shortReason, verdictClassOf, verdictView } from './ledger-words.ts'

/** The verdict with its first reason; it opens all of them. Only a change of the verdict itself is read out. */
export function Verdict({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const verdict = useLive((live) => live.ledger?.verdict)
  // Whole seconds: the pill is not drawn again for less.
  const at = useLive((live) => live.ledger?.watermark.at?.slice(0, 19) ?? null)
  const { running } = useAudit()
  if (!verdict) return null
  const { word, icon } = verdictView[verdict.result]
  return (
    <>
      <button
        type="button"
        className={cn(
          'ml-4 max-[959px]:ml-auto inline-flex h-6 max-w-80 items-center gap-1.5 rounded-full border border-border bg-raised py-0 pr-2.5 pl-2 whitespace-nowrap text-fg-2',
          verdictClassOf(verdict),
        )}
        aria-expanded={open}
        title={behindVerdict(verdict).join('\n') || undefined}
        onClick={onToggle}
      >
        <Icon name={icon} />
        <span className="sr-only">Verdict: </span>
        <b className="font-semibold text-fg">{word}</b>
        {/* A long reason is cut, the time of the audit never: without it a pass would be taken for one of now. */}
        <span className="flex min-w-0 max-[1439px]:hidden">
          <span className="truncate">{shortReason(verdict, at === null ? null : `${at}Z`)}</span>
          <span className="flex-none whitespace-pre">, {auditedWords(verdict, running)}</span>
        </span>
      </button>
      <span className="sr-only" role="status">
        Verdict: {word}
      </span>
    </>
  )
}
