import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

/**
 * A panel at the right edge. `node`: 360 px, `message`: 480 px, `sheet`: beside the graph. It takes the focus to
 * nothing by itself: opening a panel must not pull the reader out of the graph.
 */
export function Panel({
  kind,
  label,
  children,
}: {
  kind: 'node' | 'message' | 'sheet'
  label: string
  children: ReactNode
}) {
  return (
    <aside className={`side side--${kind}`} aria-label={label}>
      {children}
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
  return (
    <div className="side__head">
      {icon === undefined ? null : <Icon name={icon} size={16} />}
      <h2>{title}</h2>
      {children}
      <span className="spacer" />
      <div className="row" style={{ gap: 0 }}>
        {actions}
        <IconButton label="Close" onClick={onClose}>
          <Icon name="x" />
        </IconButton>
      </div>
    </div>
  )
}

/** A section of a panel with its head; `aside` is the quiet text beside the title, `actions` stand at the right. */
export function Section({
  title,
  aside,
  actions,
  children,
  className = '',
}: {
  title: ReactNode
  aside?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section className={`sect ${className}`}>
      <div className="sect__head">
        <h3>{title}</h3>
        {aside === undefined ? null : <span className="t3">{aside}</span>}
        <span className="spacer" />
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
}: {
  icon: IconName
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="empty">
      <Icon name={icon} size={16} />
      <p>
        <b>{title}</b>
      </p>
      {children === undefined ? null : <p className="t3">{children}</p>}
      {action}
    </div>
  )
}
