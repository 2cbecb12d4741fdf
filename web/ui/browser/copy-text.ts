/**
 * Copies a text; whether it was. Browsers offer their clipboard to pages on https and localhost only: elsewhere a selected text is
 * copied, as a reader would.
 */
export async function copyText(text: string): Promise<boolean> {
  // Absent outside a secure context, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard !== undefined) {
    try {
      await clipboard.writeText(text)
      return true
    } catch {
      // Refused, or the page lost the focus: the other way may still be open.
    }
  }
  return copySelected(text)
}

function copySelected(text: string): boolean {
  const focused = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.readOnly = true
  area.style.position = 'fixed'
  area.style.opacity = '0'
  // Within an open dialog nothing outside it can be selected.
  const host = focused?.closest('dialog, [role="dialog"]') ?? document.body
  host.append(area)
  try {
    area.select()
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    area.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
