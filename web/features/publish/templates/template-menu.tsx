'use client'

import { Popover } from 'radix-ui'
import { useEffect, useState } from 'react'
import { buttonClass, IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { popoverClass } from '#web/ui/recipes/popover.ts'
import { usePublish } from '../publish-store.ts'
import { useTemplates } from './template-store.ts'

/** Saved contents: apply one, or delete it. */
export function TemplateMenu() {
  const { templates, load, remove } = useTemplates()
  const { template, fill } = usePublish()
  const [open, setOpen] = useState(false)
  useEffect(() => load(), [load])
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={buttonClass('plain', true)}>
        <Icon name="star" size={12} />
        {template ?? 'Templates'} <Icon name="down" size={12} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={popoverClass} align="end" sideOffset={4} aria-label="Templates">
          {templates.length === 0 ? (
            <p className="p-2 text-fg-3">
              None yet. “Save as template” keeps the contents of the form in this browser.
            </p>
          ) : (
            <ul>
              {templates.map((saved) => (
                <li key={saved.name}>
                  <button
                    type="button"
                    className="flex h-7 min-w-0 flex-1 items-center justify-between gap-2 rounded-sm border-0 bg-transparent px-2 py-0 text-left hover:bg-hover"
                    onClick={() => {
                      const { name, ...body } = saved
                      fill(body, name)
                      setOpen(false)
                    }}
                  >
                    <b className="min-w-0 truncate font-medium">{saved.name}</b>
                    <span className="text-fg-3">{saved.type}</span>
                  </button>
                  <IconButton label={`Delete ${saved.name}`} onClick={() => remove(saved.name)}>
                    <Icon name="trash" size={12} />
                  </IconButton>
                </li>
              ))}
            </ul>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
