import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'

/** Opens the form that sends a message by hand, and closes it again; which one is open is in the address. */
export function SendButton({ label }: { label: string }) {
  const isOpen = useParam('form') === 'send'
  return (
    <Button aria-expanded={isOpen} onClick={() => setParams({ form: isOpen ? undefined : 'send' })}>
      <Icon name="send" />
      {label}
    </Button>
  )
}
