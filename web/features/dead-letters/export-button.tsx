'use client'

import { writeJson } from '#contracts/events/exact-json.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { selectedLetters } from './selection-actions.ts'

/** Saves the chosen letters as JSON, as the API lists them. */
export function ExportButton() {
  const save = async (): Promise<void> => {
    const letters = await selectedLetters()
    const url = URL.createObjectURL(new Blob([writeJson(letters, 2)], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `dead-letters-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.json`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <Button small onClick={() => void save()}>
      <Icon name="download" size={12} />
      Export
    </Button>
  )
}
