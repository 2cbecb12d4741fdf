import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { cn } from './recipes/cn.ts'

export interface Tab<V extends string> {
  value: V
  label: ReactNode
}

const tabClass = [
  'relative inline-flex items-center gap-1.5 border-0 bg-transparent p-0 type-12 whitespace-nowrap text-fg-2 hover:text-fg',
  'aria-selected:font-medium aria-selected:text-fg aria-selected:after:absolute aria-selected:after:inset-x-0 aria-selected:after:-bottom-px',
  "aria-selected:after:h-0.5 aria-selected:after:rounded-[1px] aria-selected:after:bg-fg aria-selected:after:content-['']",
].join(' ')

export const tabId = (group: string, value: string): string => `${group}-tab-${value}`
export const tabPanelId = (group: string): string => `${group}-panel`

/**
 * A row of tabs. `group` ties the tabs to their panel: give the panel `id={tabPanelId(group)}`, `role="tabpanel"` and
 * `aria-labelledby={tabId(group, value)}`. Arrow keys, Home and End move.
 */
export function Tabs<V extends string>({
  group,
  label,
  value,
  tabs,
  className,
  onChange,
}: {
  group: string
  label: string
  value: V | undefined
  tabs: Tab<V>[]
  className?: string
  onChange: (value: V) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  const at = tabs.findIndex((tab) => tab.value === value)
  const move = (event: KeyboardEvent) => {
    const last = tabs.length - 1
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at <= 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ]
    const tab = next === undefined ? undefined : tabs[next]
    if (next === undefined || !tab) return
    event.preventDefault()
    onChange(tab.value)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div
      ref={list}
      className={cn('flex h-tabs flex-none items-stretch gap-4 border-b border-line px-4', className)}
      role="tablist"
      aria-label={label}
      onKeyDown={move}
    >
      {tabs.map((tab, index) => (
        <button
          key={tab.value}
          id={tabId(group, tab.value)}
          type="button"
          className={tabClass}
          role="tab"
          aria-selected={tab.value === value}
          aria-controls={tab.value === value ? tabPanelId(group) : undefined}
          tabIndex={index === Math.max(0, at) ? 0 : -1}
          onClick={() => onChange(tab.value)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}
