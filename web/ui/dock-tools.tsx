'use client'
import { type ReactNode, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'

/** Element of the dock's bar that takes the tools of the open tab. */
export const dockToolsId = 'dock-tools'

/** Puts the tools of the open dock tab into the dock's bar; if there is no such bar they are above the tab. */
export function DockTools({ children }: { children: ReactNode }) {
  const [bar, setBar] = useState<HTMLElement | null>()
  useEffect(() => setBar(document.getElementById(dockToolsId)), [])
  if (bar === undefined) return null
  if (bar === null)
    return <div className="flex min-w-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">{children}</div>
  return createPortal(children, bar)
}
