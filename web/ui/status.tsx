import type { ReactNode } from 'react'
import { Glyph, type GlyphName } from './glyph.tsx'
import { cn } from './recipes/cn.ts'
import { type Tone, toneClass } from './recipes/tone.ts'

/** A word with its glyph, in the tone that a class of tone.ts gives it. */
export const statusClass =
  'inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap text-tone-fg glyph:text-tone [:where(&_small)]:text-fg-3'

/** A small bordered label. */
export const chipClass =
  'inline-flex h-5 items-center gap-1 rounded-sm border border-border px-1.5 type-11 whitespace-nowrap text-fg-2'
/** Beside `chipClass`: the label takes the tone. */
export const chipTone = 'border-tone-border bg-tone-bg text-tone-fg glyph:text-tone glyph:[--ink:var(--tone-bg)]'

/** A glyph with its word, in the tone of the state. Without children it needs a `label`. */
export function Status({
  tone,
  glyph,
  label,
  className,
  children,
}: {
  tone: Tone
  glyph: GlyphName
  label?: string
  className?: string
  children?: ReactNode
}) {
  return (
    <span className={cn(statusClass, toneClass[tone], className)}>
      <Glyph name={glyph} />
      {label === undefined ? null : <span className="sr-only">{label}</span>}
      {children}
    </span>
  )
}

/** A small bordered label; with a tone it is a status. */
export function Chip({
  tone,
  glyph,
  dashed = false,
  className,
  children,
}: {
  tone?: Tone
  glyph?: GlyphName
  dashed?: boolean
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cn(
        chipClass,
        tone && [chipTone, toneClass[tone]],
        dashed && 'border-dashed border-border-strong',
        className,
      )}
    >
      {glyph === undefined ? null : <Glyph name={glyph} />}
      {children}
    </span>
  )
}
