'use client'

import { Popover } from 'radix-ui'
import { useEffect, useState } from 'react'
import { IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { usePublish } from '../publish-store.ts'
import { useTemplates } from './template-store.ts'
import '../../form/popover.css'

/** Saved contents: apply one, or delete it. */
export function TemplateMenu() {
  const { templates, load, remove } = useTemplates()
  const { template, fill } = usePublish()
  const [open, setOpen] = useState(false)
  useEffect(() => load(), [load])
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="btn btn--sm">
        <Icon name="star" size={12} />
        {template ?? 'Templates'} <Icon name="down" size={12} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="pop" align="end" sideOffset={4} aria-label="Templates">
          {templates.length === 0 ? (
            <p className="pop__none t3">None yet. “Save as template” keeps the contents of the form in this browser.</p>
          ) : (
            <ul>
              {templates.map((saved) => (
                <li key={saved.name}>
                  <button
                    type="button"
                    className="pop__item"
                    onClick={() => {
                      const { name, ...body } = saved
                      fill(body, name)
                      setOpen(false)
                    }}
                  >
                    <b className="clip">{saved.name}</b>
                    <span className="t3">{saved.type}</span>
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
