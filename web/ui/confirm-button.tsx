'use client'

import { AlertDialog } from 'radix-ui'
import { buttonClass } from '#web/ui/button.tsx'
import { confirmClass, confirmVeil } from '#web/ui/recipes/confirm.ts'

interface ConfirmButtonProps {
  label: string
  title: string
  /** What will happen. */
  detail: string
  confirm: string
  small?: boolean
  onConfirm: () => void
}

/** A button for what cannot be taken back: it says what will happen, and asks. */
export function ConfirmButton({ label, title, detail, confirm, small = false, onConfirm }: ConfirmButtonProps) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger className={buttonClass('plain', small)}>{label}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={confirmVeil} />
        <AlertDialog.Content className={confirmClass}>
          <AlertDialog.Title className="type-14 font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="text-fg-2">{detail}</AlertDialog.Description>
          <div className="mt-2 flex min-w-0 items-center justify-end gap-2">
            <AlertDialog.Cancel className={buttonClass()}>Keep</AlertDialog.Cancel>
            <AlertDialog.Action className={buttonClass('primary')} onClick={onConfirm}>
              {confirm}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
