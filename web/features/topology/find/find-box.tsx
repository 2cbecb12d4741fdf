'use client'
import { setParams } from '#web/live/url-state.ts'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import type { Hits } from './use-hits.ts'

/** Asks for services by a part of their name or by a figure; ↑ and ↓ go through the hits. `of`: services in all. */
export function FindBox({ found, of, className }: { found: Hits; of?: number; className?: string }) {
  const { text, hits, shown, step } = found
  const at = hits?.findIndex(({ id }) => id === shown) ?? -1
  return (
    <search className={cn('inline-flex items-center gap-1', className)}>
      <TextInput
        quiet
        boxClass="w-52"
        before={<Icon name="search" />}
        placeholder="Find: name or lag > 100"
        aria-label="Find in the graph"
        value={text}
        onChange={(event) => setParams({ find: event.target.value, hit: undefined }, { replace: true })}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && event.key !== 'Enter') return
          event.preventDefault()
          event.stopPropagation()
          step(event.key === 'ArrowUp' || event.shiftKey ? -1 : 1)
        }}
      />
      {hits === undefined ? null : (
        <>
          <span className="type-11 whitespace-nowrap text-fg-3" aria-live="polite">
            {at >= 0
              ? `${at + 1} of ${hits.length}`
              : of === undefined
                ? `${hits.length} found`
                : `${hits.length} of ${of}`}
          </span>
          <Step label="Previous hit" icon="up" disabled={hits.length === 0} onClick={() => step(-1)} />
          <Step label="Next hit" icon="down" disabled={hits.length === 0} onClick={() => step(1)} />
          <Step
            label="Find nothing"
            icon="x"
            onClick={() => setParams({ find: undefined, hit: undefined }, { replace: true })}
          />
        </>
      )}
    </search>
  )
}

function Step({
  label,
  icon,
  disabled = false,
  onClick,
}: {
  label: string
  icon: 'up' | 'down' | 'x'
  disabled?: boolean
  onClick: () => void
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      className="grid size-6 place-items-center rounded-sm border-0 bg-transparent p-0 text-fg-2 hover:bg-hover disabled:text-fg-3"
      onClick={onClick}
    >
      <Icon name={icon} size={12} />
    </button>
  )
}
