'use client'

import { useEffect, useState } from 'react'
import { TextInput } from '#web/ui/field.tsx'

/** A field whose text goes into the draft when the reader leaves it, or presses Enter. `error`: what its `Field` says is wrong. */
export function Typed({
  value,
  onTyped,
  error,
  ...rest
}: { value: string; onTyped: (text: string) => void; error?: string | undefined } & Omit<
  Parameters<typeof TextInput>[0],
  'value' | 'onChange' | 'invalid'
>) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const tell = (): void => {
    if (text.trim() !== value) onTyped(text.trim())
  }
  return (
    <TextInput
      {...rest}
      invalid={error !== undefined}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={tell}
      onKeyDown={(event) => {
        if (event.key === 'Enter') tell()
      }}
    />
  )
}
