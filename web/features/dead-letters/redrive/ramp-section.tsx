import { Field, TextInput } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import type { RampDraft } from './ramp-draft.ts'

interface RampSectionProps {
  title: string
  draft: RampDraft
  errors: Partial<Record<keyof RampDraft, string>>
  onChange: (draft: RampDraft) => void
}

/** How fast, and how many first. */
export function RampSection({ title, draft, errors, onChange }: RampSectionProps) {
  const field = (name: keyof RampDraft, unit: string, placeholder: string) => ({
    id: `ramp-${name}`,
    inputMode: 'decimal' as const,
    value: draft[name],
    placeholder,
    invalid: errors[name] !== undefined,
    'aria-describedby': errors[name] === undefined ? undefined : `ramp-${name}-error`,
    after: <span className="ml-auto type-11 text-fg-3">{unit}</span>,
    onChange: (event: { target: { value: string } }) => onChange({ ...draft, [name]: event.target.value }),
  })
  return (
    <Section className="flex-none" title={title}>
      <div className="grid grid-cols-[1fr_1fr] items-start gap-x-3 gap-y-2">
        <Field label="First, as a canary" htmlFor="ramp-canary" error={errors.canary}>
          <TextInput {...field('canary', draft.canary === '1' ? 'message' : 'messages', 'none')} />
        </Field>
        <Field label="Then" htmlFor="ramp-rate" error={errors.rate}>
          <TextInput {...field('rate', 'per second', 'as fast as it goes')} />
        </Field>
      </div>
      <p className="text-fg-3">
        The rest goes only after every message of the canary was delivered; one that fails again stops it. Each original
        stays among the dead letters until its copy is confirmed. Stopping keeps the rest where it is.
      </p>
    </Section>
  )
}
