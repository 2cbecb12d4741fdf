'use client'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { IconButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { cn } from './recipes/cn.ts'
import { emptyClass, panelHead, sectionClass, sectionHead } from './recipes/panel-parts.ts'

// Where a panel has no room beside the graph it lies over it: 8 px in, and above dock and replay as far as 400 px are left. Below
// 960 px it takes the one column, and a sheet the tabs below it too.
const kinds = {
  node: cn(
    'w-drawer min-[960px]:max-[1279px]:z-5 min-[960px]:max-[1279px]:m-2 min-[960px]:max-[1279px]:mb-(--over-dock) min-[960px]:max-[1279px]:justify-self-end min-[960px]:max-[1279px]:rounded-lg min-[960px]:max-[1279px]:border min-[960px]:max-[1279px]:shadow-float min-[960px]:max-[1279px]:[grid-area:main]',
    'max-[959px]:z-4 max-[959px]:w-full max-[959px]:border-l-0 max-[959px]:[grid-area:main]',
  ),
  message: cn(
    'w-message min-[960px]:max-[1439px]:z-5 min-[960px]:max-[1439px]:m-2 min-[960px]:max-[1439px]:mb-(--over-dock) min-[960px]:max-[1439px]:justify-self-end min-[960px]:max-[1439px]:rounded-lg min-[960px]:max-[1439px]:border min-[960px]:max-[1439px]:shadow-float min-[960px]:max-[1439px]:[grid-area:main]',
    'max-[959px]:z-4 max-[959px]:w-full max-[959px]:border-l-0 max-[959px]:[grid-area:main]',
  ),
  file: cn(
    'w-[min(680px,calc(100vw-320px))]',
    'max-[1279px]:z-5 max-[1279px]:w-full max-[1279px]:border-l-0 max-[1279px]:[grid-area:main-start/1/-1/-1]',
  ),
  sheet: cn(
    'w-[min(var(--w-sheet),calc(100vw-320px))]',
    'max-[1279px]:z-5 max-[1279px]:w-full max-[1279px]:border-l-0 max-[1279px]:[grid-area:main-start/1/-1/-1]',
  ),
  wide: 'z-5 w-full border-l-0 [grid-area:main-start/1/-1/-1]',
} as const

/** Of a panel that lies over the graph and may cover the dock too; undefined: this one has its height. */
const Height = createContext<{ isTall: boolean; setTall: (isTall: boolean) => void } | undefined>(undefined)

/**
 * A panel at the right edge. `node`: 360 px, `message`: 480 px, `file`: 680 px, `sheet`: beside the graph, `wide`: in the graph's place; all of
 * them in place of what else is there in a narrow window. It takes the focus to
 * nothing by itself: opening a panel must not pull the reader out of the graph.
 */
export function Panel({ kind, label, children }: { kind: keyof typeof kinds; label: string; children: ReactNode }) {
  const [isTall, setTall] = useState(false)
  return (
    <aside
      className={cn(
        'relative flex min-h-0 min-w-0 animate-panel flex-col border-l border-line bg-surface [grid-area:side]',
        '[--over-dock:min(calc(var(--dock-shown,0px)+var(--replay-shown,0px)+8px),max(8px,calc(100dvh-var(--h-top)-var(--h-ledger)-416px)))]',
        kinds[kind],
        isTall && '[--over-dock:8px]',
      )}
      data-panel={kind}
      aria-label={label}
    >
      <Height value={kind === 'message' ? { isTall, setTall } : undefined}>{children}</Height>
    </aside>
  )
}

/** The head of a panel: icon, title, what follows it, and Close. */
export function PanelHead({
  icon,
  title,
  children,
  actions,
  onClose,
}: {
  icon?: IconName
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
  onClose: () => void
}) {
  const height = useContext(Height)
  return (
    <div className={panelHead}>
      {icon === undefined ? null : <Icon name={icon} size={16} />}
      <h2>{title}</h2>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1 py-1">{children}</div>
      <div className="flex flex-none items-center">
        {actions}
        {height === undefined ? null : (
          <IconButton
            className="hidden min-[960px]:max-[1439px]:inline-flex"
            label={height.isTall ? 'Above the dock' : 'Full height'}
            aria-pressed={height.isTall}
            onClick={() => height.setTall(!height.isTall)}
          >
            <Icon name="fit" />
          </IconButton>
        )}
        <IconButton label="Close" onClick={onClose}>
          <Icon name="x" />
        </IconButton>
      </div>
    </div>
  )
}

/** A section of a panel with its head; `aside` is the quiet text beside the title, `actions` are at the right. */
export function Section({
  title,
  aside,
  actions,
  children,
  className,
}: {
  title: ReactNode
  aside?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section className={cn(sectionClass, className)}>
      <div className={sectionHead}>
        <h3>{title}</h3>
        {aside === undefined ? null : <span className="type-11 text-fg-3">{aside}</span>}
        <span className="flex-1" />
        {actions}
      </div>
      {children}
    </section>
  )
}

/** Why there is nothing here, and one thing to do about it. */
export function Empty({
  icon,
  title,
  children,
  action,
  className,
}: {
  icon: IconName
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cn(emptyClass, className)}>
      <Icon name={icon} size={16} className="mb-1 text-fg-3" />
      <p>
        <b>{title}</b>
      </p>
      {children === undefined ? null : <p className="text-fg-3">{children}</p>}
      {action === undefined ? null : <div className="mt-2">{action}</div>}
    </div>
  )
}

/** In place of what is not read yet: busy, or why it could not be read, with one thing to do about it. */
export function Unread({
  problem,
  action,
}: {
  problem: { title: string; detail: string } | null | undefined
  action: ReactNode
}) {
  return problem ? (
    <Empty icon="alert" title={problem.title} action={action}>
      {problem.detail}
    </Empty>
  ) : (
    <div className={emptyClass} aria-busy="true" />
  )
}
