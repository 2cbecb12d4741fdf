/** The reader's theme: the system's unless they chose one. public/theme.js applies it before the first paint. */
export type Theme = 'system' | 'light' | 'dark'
const key = 'faultline.theme'

export function storedTheme(): Theme {
  const stored = window.localStorage.getItem(key)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    window.localStorage.removeItem(key)
    delete document.documentElement.dataset.theme
  } else {
    window.localStorage.setItem(key, theme)
    document.documentElement.dataset.theme = theme
  }
}
