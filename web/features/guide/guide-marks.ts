'use client'

import { create } from 'zustand'
import type { GuideWatch, MarkPlace } from './guide-steps.ts'

/** Where a mark is, as text: the id of a node, or `figure:lost`. */
const placeKey = (place: MarkPlace): string => ('node' in place ? place.node : `figure:${place.figure}`)

interface GuideMarks {
  /** Numbers of what the open step of the experiment asks to look at; empty while none is open. */
  marks: Record<string, number>
  show: (watches: readonly GuideWatch[]) => void
}

/** Small and by itself, so that a card of the graph is drawn again only when its own mark changes. */
export const useGuideMarks = create<GuideMarks>()((set, get) => ({
  marks: {},
  show: (watches) => {
    const marks = Object.fromEntries(watches.map(({ place }, index) => [placeKey(place), index + 1]))
    if (JSON.stringify(marks) !== JSON.stringify(get().marks)) set({ marks })
  },
}))

/** The number at a place; undefined if there is nothing to look at. */
export const useGuideMark = (place: MarkPlace): number | undefined =>
  useGuideMarks(({ marks }) => marks[placeKey(place)])
