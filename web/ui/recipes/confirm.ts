import { veilClass } from './popover.ts'

/** Dims the page behind a question. */
export const confirmVeil = `${veilClass} z-40`
/** A question before what cannot be taken back. */
export const confirmClass =
  'fixed top-1/2 left-1/2 z-41 grid w-[min(420px,calc(100vw-32px))] -translate-1/2 gap-2 rounded-lg border border-border bg-surface p-4 shadow-float'
