import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import type { WaterfallBar, WaterfallRow } from './waterfall-row.ts'

/** The shape of a row's state; a fault and a redrive are acts and have icons. */
export function RowGlyph({ glyph }: Pick<WaterfallRow, 'glyph'>) {
  if (glyph === 'fault') return <Icon className="size-2.5 stroke-3 text-fault" name="bolt" size={12} />
  if (glyph === 'redriven') return <Icon className="size-2.5 stroke-3 text-accent" name="right" size={12} />
  return <Glyph name={glyph} />
}

/** Place and width of a bar in its lane. */
export const barPlace = ({ left, width }: Pick<WaterfallBar, 'left' | 'width'>) => ({
  left: `${left.toFixed(2)}%`,
  width: `${width.toFixed(2)}%`,
})

const barClasses: Record<Exclude<WaterfallBar['kind'], 'handling' | 'inner'>, string> = {
  wait: 'absolute top-2.25 h-0.5 min-w-0.75 rounded-[1px] bg-in-flight',
  backoff: 'absolute top-1.5 h-2 min-w-0.75 rounded-[2px] border border-dashed border-retrying',
  fault: 'absolute top-1.5 h-2 min-w-0.75 rounded-[2px] bg-fault',
  held: 'absolute top-2 h-1 min-w-0.75 rounded-[1px] bg-dead-lettered',
  sent: 'absolute top-0.75 h-3.5 w-0.5 min-w-0.5 rounded-[2px] bg-accent',
  mark: 'absolute top-0.75 h-3.5 w-0.5 min-w-0.5 rounded-[2px] bg-fg-2',
}
/** The look of a bar; a run of a handler has the tone of its outcome, and a span within it the outline of one. */
export const barClass = (bar: Pick<WaterfallBar, 'kind'>, tone: WaterfallRow['tone']): string =>
  bar.kind === 'handling'
    ? cn('absolute top-1.25 h-2.5 min-w-0.75 rounded-[2px] bg-tone', toneClass[tone])
    : bar.kind === 'inner'
      ? cn('absolute top-1.75 h-1.5 min-w-0.75 rounded-[1px] border border-tone', toneClass[tone])
      : barClasses[bar.kind]
