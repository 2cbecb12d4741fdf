'use client'

import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { shortReason, verdictView } from './ledger-words.ts'

/** The verdict with its first reason; it opens all of them. Only a change of the verdict itself is read out. */
export function Verdict({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const verdict = useLive((live) => live.ledger?.verdict)
  // Whole seconds: the pill is not drawn anew for less.
  const at = useLive((live) => live.ledger?.watermark.at?.slice(0, 19) ?? null)
  if (!verdict) return null
  const { word, icon } = verdictView[verdict.result]
  return (
    <>
      <button
        type="button"
        className={`verdict verdict--${verdict.result}`}
        aria-expanded={open}
        title={verdict.reasons.join('\n') || undefined}
        onClick={onToggle}
      >
        <Icon name={icon} />
        <span className="sr">Verdict: </span>
        <b>{word}</b>
        <span className="verdict__reason">{shortReason(verdict, at === null ? null : `${at}Z`)}</span>
      </button>
      <span className="sr" role="status">
        Verdict: {word}
      </span>
    </>
  )
}
