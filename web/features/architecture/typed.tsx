'use client'

import { useEffect, useState } from 'react'
import { TextInput } from '#web/ui/field.tsx'

/** A field whose text goes into the draft when the reader leaves it, or presses Enter. */
export function Typed({
  value,
  onTyped,
  ...rest
}: { value: string; onTyped: (text: string) => void } & Omit<Parameters<typeof TextInput>[0], 'value' | 'onChange'>) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const tell = (): void => {
    if (text.trim() !== value) onTyped(text.trim())
  }
  return (
    <TextInput
      {...rest}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={tell}
      onKeyDown={(event) => {
        if (event.key === 'Enter') tell()
      }}
    />
  )
}
