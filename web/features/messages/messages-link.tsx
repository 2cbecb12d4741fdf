'use client'

import type { ReactNode } from 'react'
import { openDock } from '#web/live/dock-event.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { type MessageFilters, noFilters } from './message-filters.ts'

interface MessagesLinkProps {
  /** All that the list then shows. */
  filters: MessageFilters
  className?: string
  title?: string
  /** Its name for those who do not see what is around a bare number. */
  label?: string
  children: ReactNode
}

/** Leads to the messages that the filters choose, in the list of the dock. */
export const MessagesLink = ({ filters, className, title, label, children }: MessagesLinkProps) => (
  <RouteLink
    path="/"
    patch={{ ...noFilters, ...filters, dock: undefined }}
    className={className}
    title={title}
    aria-label={label}
    onClick={openDock}
  >
    {children}
  </RouteLink>
)
