/** The track of a progress bar; the `i` in it is as wide as what is done, in the tone of what it is in. */
export const progressClass =
  'relative h-1 overflow-hidden rounded-[2px] bg-border [&>i]:absolute [&>i]:inset-y-0 [&>i]:left-0 [&>i]:bg-[var(--tone,var(--accent))]'
