'use client'
import { useSyncExternalStore } from 'react'

/** What the window has room for: reading alone, one column with its tabs below, or the graph with a dock. */
export type Room = 'phone' | 'narrow' | 'desk'

const phone = '(max-width: 599px)'
const narrow = '(max-width: 959px)'

function subscribe(listener: () => void): () => void {
  const queries = [phone, narrow].map((query) => window.matchMedia(query))
  for (const query of queries) query.addEventListener('change', listener)
  return () => {
    for (const query of queries) query.removeEventListener('change', listener)
  }
}

function roomNow(): Room {
  if (window.matchMedia(phone).matches) return 'phone'
  return window.matchMedia(narrow).matches ? 'narrow' : 'desk'
}

/** Changes as the window does. Widths are CSS pixels: a wide window at 200 % zoom is a narrow one. */
export function useRoom(): Room {
  return useSyncExternalStore(subscribe, roomNow, () => 'desk')
}
