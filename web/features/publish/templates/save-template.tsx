'use client'

import { Popover } from 'radix-ui'
import { useState } from 'react'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Field, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { popoverClass } from '#web/ui/recipes/popover.ts'
import { usePublish } from '../publish-store.ts'
import type { PublishBody } from '../publish-text.ts'
import { useTemplates } from './template-store.ts'

/** Keeps the contents of the form under a name, in this browser. */
export function SaveTemplate({ body, disabled }: { body: PublishBody; disabled: boolean }) {
  const { templates, failure, save } = useTemplates()
  const { template, fill } = usePublish()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const replaces = templates.some((saved) => saved.name === name.trim())
  const submit = (): void => {
    if (name.trim() === '' || !save({ ...body, name: name.trim() })) return
    fill(body, name.trim())
    setOpen(false)
  }
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setName(template ?? '')
      }}
    >
      <Popover.Trigger className={cn(buttonClass(), 'h-8')} disabled={disabled}>
        <Icon name="star" />
        Save as template
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={cn(popoverClass, 'grid gap-3 p-3')} sideOffset={4} aria-label="Save as template">
          <Field label="Name" htmlFor="template-name" error={failure}>
            <TextInput
              id="template-name"
              value={name}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') submit()
              }}
            />
          </Field>
          <div className="flex min-w-0 items-center gap-2">
            <Button variant="primary" small onClick={submit} disabled={name.trim() === ''}>
              {replaces ? 'Replace' : 'Save'}
            </Button>
            {replaces ? <span className="text-fg-3">A template has this name.</span> : null}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
