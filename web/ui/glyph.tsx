import type { ReactNode } from 'react'

/** Status shapes on a 12 px grid: every state has a shape of its own, so that colour is never the only sign. */
const shapes = {
  conflict: (
    <path
      d="M2 4.4h8M2 7.6h8M8.2 1.8 3.8 10.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
    />
  ),
  dead: (
    <>
      <rect x="1" y="1" width="10" height="10" rx="2" />
      <path d="M3.6 6h4.8" stroke="var(--ink)" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  delivered: (
    <>
      <circle cx="6" cy="6" r="5.5" />
      <path
        d="m3.5 6.2 1.8 1.8 3.3-3.7"
        fill="none"
        stroke="var(--ink)"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  handling: (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="6" cy="6" r="2.25" />
    </>
  ),
  'in-flight': (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 3v6a3 3 0 0 0 0-6Z" />
    </>
  ),
  indeterminate: (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 1.73" />
      <circle cx="6" cy="6" r="1" />
    </>
  ),
  lost: (
    <path
      d="m2.2 2.2 7.6 7.6m0-7.6-7.6 7.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
    />
  ),
  off: <circle cx="6" cy="6" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.3" />,
  overdue: (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path
        d="M6 3.2V6l1.9 1.3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  paused: (
    <>
      <rect x="2.4" y="2" width="2.6" height="8" rx=".8" />
      <rect x="7" y="2" width="2.6" height="8" rx=".8" />
    </>
  ),
  retried: (
    <>
      <circle cx="6" cy="6" r="5.5" />
      <path d="M6 2.7 9.3 6 6 9.3 2.7 6Z" fill="var(--ink)" />
    </>
  ),
  retrying: <path d="M6 .5 11.5 6 6 11.5.5 6Z" />,
  skipped: (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M3.6 6h4.8" stroke="currentColor" strokeWidth="1.3" />
    </>
  ),
  span: <rect x="1" y="4" width="10" height="4" rx="1" />,
  up: <circle cx="6" cy="6" r="3.5" />,
  waiting: <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  restarting: (
    <path
      d="M9.6 6A3.6 3.6 0 1 1 6 2.4h2.2M6.8.8 8.4 2.4 6.8 4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  killed: (
    <>
      <rect x="1.5" y="1.5" width="9" height="9" rx="1.5" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path
        d="m4.2 4.2 3.6 3.6m0-3.6L4.2 7.8"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinecap="round"
      />
    </>
  ),
  unreachable: (
    <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.2 1.9" />
  ),
  degraded: (
    <>
      <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 2.5a3.5 3.5 0 0 0 0 7Z" />
    </>
  ),
} satisfies Record<string, ReactNode>
export type GlyphName = keyof typeof shapes

/** A status glyph; it takes the tone of the status around it. Decorative: the word beside it says the state. */
export function Glyph({ name, className }: { name: GlyphName; className?: string }) {
  return (
    <svg viewBox="0 0 12 12" data-glyph="" className={className} aria-hidden="true">
      {shapes[name]}
    </svg>
  )
}
