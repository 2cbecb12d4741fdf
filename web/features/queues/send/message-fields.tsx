import { Field, TextArea } from '#web/ui/field.tsx'

interface MessageFieldsProps {
  /** Ids of the two fields begin with it. */
  id: string
  /** Lines of the body. */
  rows: number
  /** What the attributes are written as. */
  aside: string
  body: string
  attributes: string
  errors: { body?: string | undefined; attributes?: string | undefined }
  onChange: (patch: { body: string } | { attributes: string }) => void
}

/** Body and attributes of a message that is written by hand. */
export function MessageFields({ id, rows, aside, body, attributes, errors, onChange }: MessageFieldsProps) {
  return (
    <>
      <Field label="Body" htmlFor={`${id}-body`} error={errors.body}>
        <TextArea
          id={`${id}-body`}
          rows={rows}
          invalid={errors.body !== undefined}
          value={body}
          onChange={(event) => onChange({ body: event.target.value })}
        />
      </Field>
      <Field label="Attributes" aside={aside} htmlFor={`${id}-attributes`} error={errors.attributes}>
        <TextArea
          id={`${id}-attributes`}
          rows={2}
          invalid={errors.attributes !== undefined}
          value={attributes}
          onChange={(event) => onChange({ attributes: event.target.value })}
        />
      </Field>
    </>
  )
}
