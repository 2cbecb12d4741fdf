'use client'

import { writeJson } from '#contracts/events/exact-json.ts'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { selectedLetters } from './selection-actions.ts'

/** Saves the chosen letters as JSON, as the API lists them. */
export function ExportButton() {
  const save = async (): Promise<void> => {
    const letters = await selectedLetters()
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '')
    saveFile(`dead-letters-${time}.json`, writeJson(letters, 2))
  }
  return (
    <Button small onClick={() => void save()}>
      <Icon name="download" size={12} />
      Export
    </Button>
  )
}
