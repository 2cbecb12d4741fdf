const rowHeight = 28

/** Brings the row at `index` on screen and gives the focus to what `selector` finds in the list; a row that was not drawn is drawn first. */
export function revealRow(list: HTMLDivElement | null, index: number, selector: string): void {
  if (!list) return
  const top = index * rowHeight
  // The head of the table stays on top of the first row.
  if (top < list.scrollTop || top + 2 * rowHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = Math.max(0, top - list.clientHeight / 2)
  }
  requestAnimationFrame(() => {
    list.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true })
  })
}
