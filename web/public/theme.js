// Runs before the first paint, so that a stored theme does not flash. Absent or unreadable: the system's theme.
try {
  const theme = window.localStorage.getItem('faultline.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  delete document.documentElement.dataset.theme
}
