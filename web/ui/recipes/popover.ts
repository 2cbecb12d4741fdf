/** What opens above the page from a button, and scrolls if it does not fit. */
export const popoverClass =
  'z-20 max-h-[min(360px,var(--radix-popover-content-available-height,360px))] w-72 overflow-y-auto rounded-lg border border-border bg-surface p-1 shadow-float'
/** What lies above the page at a place of its own. */
export const floatClass = 'absolute z-3 rounded-lg border border-border bg-surface shadow-float'
/** Dims the page behind what must be answered first. */
export const veilClass = 'fixed inset-0 bg-[light-dark(#14171d33,#00000080)]'
