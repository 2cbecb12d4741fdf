'use client'
import { useEffect, useRef } from 'react'
import { IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { shortcutList } from './shortcuts.ts'

/** Keys, and where to read on. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog ref={dialog} className="popover help" aria-labelledby="help-title" onClose={onClose}>
      <div className="side__head">
        <Icon name="help" size={16} />
        <h2 id="help-title">Keys</h2>
        <span className="spacer" />
        <IconButton label="Close" onClick={onClose}>
          <Icon name="x" />
        </IconButton>
      </div>
      <dl className="help__keys">
        {shortcutList.map(({ keys, what }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p className="help__foot t3">
        Single keys do nothing while you type. The API is described at{' '}
        <a href="/api/openapi.json" target="_blank" rel="noreferrer">
          /api/openapi.json
        </a>
        .
      </p>
    </dialog>
  )
}
