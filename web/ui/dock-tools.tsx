'use client'
import { type ReactNode, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'

export const dockToolsId = 'dock-tools'

/** Puts the tools of the open dock tab into the dock's bar, at its right end. */
export function DockTools({ children }: { children: ReactNode }) {
  const [bar, setBar] = useState<HTMLElement | null>(null)
  useEffect(() => setBar(document.getElementById(dockToolsId)), [])
  return bar === null ? null : createPortal(children, bar)
}
