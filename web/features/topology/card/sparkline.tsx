import { memo } from 'react'
import { sparkPoints } from '#contracts/api/live.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { type Tone, toneClass } from '#web/ui/recipes/tone.ts'

/** Points of a line from zero, newest at the right; `M…` is left out so that it fits a polyline. */
export function sparkPath(values: readonly number[], width: number, height: number, slots: number): string {
  const top = Math.max(1, ...values)
  const step = width / (slots - 1)
  const first = slots - values.length
  return values
    .map((value, at) => {
      const x = (first + at) * step
      const y = height - 1 - (value / top) * (height - 3)
      return `${Number(x.toFixed(1))},${Number(y.toFixed(1))}`
    })
    .join(' ')
}

/** The last minute, drawn from zero. */
export const Sparkline = memo(function Sparkline({
  values,
  width,
  tone,
}: {
  values: readonly number[]
  width: number
  tone?: Tone | undefined
}) {
  return (
    <svg
      className={cn(
        'mb-1 ml-auto overflow-visible fill-none stroke-fg-3 stroke-[1.25] [stroke-linecap:round] [stroke-linejoin:round]',
        tone && ['stroke-tone', toneClass[tone]],
      )}
      width={width}
      height="16"
      aria-hidden="true"
    >
      <polyline points={sparkPath(values, width, 16, sparkPoints)} />
    </svg>
  )
})
