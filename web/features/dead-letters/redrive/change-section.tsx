'use client'

import { Section } from '#web/ui/panel.tsx'
import { JsonEditor } from '../../json/json-editor.tsx'

/** The same change in the data of all letters that go back. */
export function ChangeSection({
  text,
  problem,
  onChange,
}: {
  text: string
  problem: string | undefined
  onChange: (text: string) => void
}) {
  return (
    <Section title="1. Same change in all" aside="optional, checked against each schema">
      <JsonEditor
        label="Same change in all"
        className="max-h-60 min-h-16 overflow-auto"
        value={text}
        onChange={onChange}
        readOnly={false}
        invalid={problem !== undefined}
        describedBy="change-help"
        marks={[]}
      />
      <p id="change-help" className={problem === undefined ? 'text-fg-3' : 'text-lost-fg'} aria-live="polite">
        {problem ??
          'Fields to set, as JSON: { "name": "Ada" }. A field with null is removed. Empty: they go back as they are.'}
      </p>
    </Section>
  )
}
