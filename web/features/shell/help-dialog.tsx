'use client'
import { useEffect, useRef } from 'react'
import { IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { panelHead } from '#web/ui/recipes/panel-parts.ts'
import { floatClass } from '#web/ui/recipes/popover.ts'
import { shortcutList } from './shortcuts.ts'

/** Keys, and where to read on. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      className={cn(floatClass, 'fixed inset-0 m-auto w-105 p-0 text-fg backdrop:bg-[light-dark(#14171d33,#00000080)]')}
      aria-labelledby="help-title"
      onClose={onClose}
    >
      <div className={panelHead}>
        <Icon name="help" size={16} />
        <h2 id="help-title">Keys</h2>
        <span className="flex-1" />
        <IconButton label="Close" onClick={onClose}>
          <Icon name="x" />
        </IconButton>
      </div>
      <dl className="px-4 pt-0 pb-2">
        {shortcutList.map(({ keys, what }) => (
          <div className="flex h-7 items-center justify-between border-t border-line" key={what}>
            <dt>{what}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p className="px-4 pt-2 pb-4 text-fg-3">
        Single keys do nothing while you type. The API is described at{' '}
        <a className="underline" href="/api/openapi.json" target="_blank" rel="noreferrer">
          /api/openapi.json
        </a>
        .
      </p>
    </dialog>
  )
}
