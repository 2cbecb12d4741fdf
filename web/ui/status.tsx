import type { ReactNode } from 'react'
import { Glyph, type GlyphName } from './glyph.tsx'

/** A status colour; it is only ever used for status. */
export type Tone = 'delivered' | 'retried' | 'in-flight' | 'retrying' | 'dead' | 'lost' | 'fault' | 'idle'

/** A glyph with its word, in the tone of the state. Without children it needs a `label`. */
export function Status({
  tone,
  glyph,
  label,
  children,
}: {
  tone: Tone
  glyph: GlyphName
  label?: string
  children?: ReactNode
}) {
  return (
    <span className={`status s-${tone}`}>
      <Glyph name={glyph} />
      {label === undefined ? null : <span className="sr">{label}</span>}
      {children}
    </span>
  )
}

/** A small bordered label; with a tone it is a status. */
export function Chip({
  tone,
  glyph,
  dashed = false,
  children,
}: {
  tone?: Tone
  glyph?: GlyphName
  dashed?: boolean
  children: ReactNode
}) {
  const classes = ['chip', tone && `chip--tone s-${tone}`, dashed && 'chip--dashed'].filter(Boolean).join(' ')
  return (
    <span className={classes}>
      {glyph === undefined ? null : <Glyph name={glyph} />}
      {children}
    </span>
  )
}
