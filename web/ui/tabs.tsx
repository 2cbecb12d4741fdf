import { type KeyboardEvent, type ReactNode, useRef } from 'react'

export interface Tab<V extends string> {
  value: V
  label: ReactNode
}

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
  onChange,
}: {
  group: string
  label: string
  value: V | undefined
  tabs: Tab<V>[]
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
    <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab, index) => (
        <button
          key={tab.value}
          id={tabId(group, tab.value)}
          type="button"
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
