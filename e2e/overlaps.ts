import type { Page } from '@playwright/test'

/**
 * What a reader could not use: two controls of which one lies over the other, and controls that are out of the window
 * if nothing scrolls. One sentence each. What lies below a panel or a dialog on purpose is left out, and so are the
 * links of the graph, whose boxes are not their lines.
 */
export const collisions = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const controls = 'a[href], button, input, select, textarea, [role="tab"], [role="slider"], .react-flow__node'
    interface Box {
      left: number
      top: number
      right: number
      bottom: number
    }
    const cut = (a: Box, b: Box): Box => ({
      left: Math.max(a.left, b.left),
      top: Math.max(a.top, b.top),
      right: Math.min(a.right, b.right),
      bottom: Math.min(a.bottom, b.bottom),
    })
    const size = ({ left, top, right, bottom }: Box): number => Math.min(right - left, bottom - top)
    const layerOf = (element: Element): Element | null => element.closest('[data-panel], [role="dialog"]')
    /** A head or foot that stays while the rest scrolls below it, on purpose. */
    const barOf = (element: Element): Element | null => {
      for (let around: Element | null = element; around; around = around.parentElement) {
        if (getComputedStyle(around).position === 'sticky') return around
      }
      return null
    }
    const nameOf = (element: Element): string => {
      const words = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? ''
      return `${element.tagName.toLowerCase()} "${words.slice(0, 40)}"`
    }
    const seen: { element: Element; box: Box }[] = []
    const found: string[] = []
    if (document.documentElement.scrollWidth > window.innerWidth) found.push('the page scrolls sideways')
    for (const element of document.querySelectorAll(controls)) {
      const whole = element.getBoundingClientRect()
      if (size(whole) <= 2 || getComputedStyle(element).visibility !== 'visible') continue
      let box: Box = whole
      let scrolls = false
      for (let around = element.parentElement; around; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around)
        if (overflowX === 'auto' || overflowX === 'scroll') scrolls = true
        if (overflowX !== 'visible' || overflowY !== 'visible') box = cut(box, around.getBoundingClientRect())
      }
      const inGraph = element.closest('.react-flow') !== null
      if (!scrolls && !inGraph && (whole.right > window.innerWidth + 1 || whole.left < -1)) {
        found.push(`${nameOf(element)} is out of the window`)
        continue
      }
      box = cut(box, { left: 0, top: 0, right: window.innerWidth, bottom: window.innerHeight })
      if (size(box) <= 2) continue
      const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2)
      const over = top?.closest(controls)
      const isOwn = top !== null && (element.contains(top) || top.contains(element))
      if (!isOwn && (!over || layerOf(over) !== layerOf(element))) continue
      seen.push({ element, box })
    }
    for (const [at, one] of seen.entries()) {
      for (const other of seen.slice(at + 1)) {
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue
        // A panel over the graph covers a part of what is below its edge.
        if (layerOf(one.element) !== layerOf(other.element)) continue
        if (barOf(one.element) !== barOf(other.element)) continue
        if (size(cut(one.box, other.box)) > 1) found.push(`${nameOf(one.element)} overlaps ${nameOf(other.element)}`)
      }
    }
    return found
  })
