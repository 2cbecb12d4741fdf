'use client'

import { AlertDialog } from 'radix-ui'

interface ConfirmButtonProps {
  label: string
  title: string
  /** What will happen. */
  detail: string
  confirm: string
  onConfirm: () => void
}

/** A button for what cannot be taken back: it says what will happen, and asks. */
export function ConfirmButton({ label, title, detail, confirm, onConfirm }: ConfirmButtonProps) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger className="btn">{label}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="confirm__veil" />
        <AlertDialog.Content className="confirm">
          <AlertDialog.Title className="confirm__title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="t2">{detail}</AlertDialog.Description>
          <div className="row confirm__actions">
            <AlertDialog.Cancel className="btn">Keep</AlertDialog.Cancel>
            <AlertDialog.Action className="btn btn--primary" onClick={onConfirm}>
              {confirm}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
