/** Marks from which a canvas reads the colours of the theme: it does not read custom properties. By name, the colour of each. */
export const inks = {
  ok: 'var(--in-flight)',
  retry: 'var(--retrying)',
  dead: 'var(--dead-lettered)',
  up: 'var(--delivered)',
  down: 'var(--lost)',
  raised: 'var(--raised)',
  border: 'var(--border-strong)',
  edge: 'var(--edge-idle)',
  accent: 'var(--accent)',
} as const

export type Ink = Record<keyof typeof inks, string>

/** Reading a computed style makes the browser lay the page out: once for so long is enough, also if the theme changes. */
const readEveryMs = 500
let read: { at: number; of: Element; ink: Ink } | undefined

/** The colours at this place of the page. */
export function inkOf(element: Element): Ink {
  const now = performance.now()
  if (read && read.of === element && now - read.at < readEveryMs) return read.ink
  const canvas = element.closest('.canvas')
  const ink = Object.fromEntries(
    Object.keys(inks).map((name) => {
      const probe = canvas?.querySelector(`[data-ink="${name}"]`)
      return [name, probe ? getComputedStyle(probe).fill : 'gray']
    }),
  ) as Ink
  read = { at: now, of: element, ink }
  return ink
}

/** Gives a canvas as many pixels as the screen has where it is. */
export function fitToScreen(element: HTMLCanvasElement): void {
  const width = Math.round(element.clientWidth * window.devicePixelRatio)
  const height = Math.round(element.clientHeight * window.devicePixelRatio)
  if (element.width !== width) element.width = width
  if (element.height !== height) element.height = height
}
