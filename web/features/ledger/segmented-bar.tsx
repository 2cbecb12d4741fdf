import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { count } from '../words/figures.ts'
import type { Segment } from './ledger-figures.ts'

/** States to scale, each at least 6 px, always in the same order. */
export function SegmentedBar({ segments, owed, className }: { segments: Segment[]; owed: number; className?: string }) {
  const delivered = segments.find(({ tone }) => tone === 'delivered')?.count ?? 0
  return (
    <div
      className={cn('flex h-2 min-w-30 flex-1 gap-0.5 max-[1439px]:min-w-20', className)}
      role="img"
      aria-label={`${count(delivered)} of ${count(owed)} obligations delivered`}
    >
      {owed === 0 ? <i className="flex-1 rounded-[3px] bg-border" /> : null}
      {segments.map(({ tone, word, count: value }) =>
        value === 0 ? null : (
          <i
            key={word}
            className={cn(
              'min-w-1.5 flex-[0_0_6px] bg-tone first:rounded-l-[3px] last:rounded-r-[3px]',
              toneClass[tone],
              tone === 'retrying' &&
                'bg-retrying-bg bg-[repeating-linear-gradient(135deg,var(--tone)_0_2px,transparent_2px_4px)]',
            )}
            style={{ flexGrow: value }}
          />
        ),
      )}
    </div>
  )
}
