'use client'
import { setParams } from '#web/live/url-state.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { hiddenNames } from './hidden.ts'

/** Takes a group out of the graph; the bar above says so, and shows it again. */
export function HideGroup({ prefix, className }: { prefix: string; className?: string }) {
  return (
    <button
      type="button"
      title={`Hide ${prefix}`}
      className={cn(
        'nodrag nopan pointer-events-auto h-5 rounded-sm border-0 bg-transparent px-1 type-11 text-fg-3 hover:bg-hover hover:text-fg',
        className,
      )}
      onClick={(event) => {
        event.stopPropagation()
        setParams({ hide: hiddenNames.with(prefix) }, { replace: true })
      }}
    >
      Hide
    </button>
  )
}
