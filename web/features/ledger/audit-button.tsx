'use client'

import { openDock } from '#web/live/dock-event.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { useAudit } from './audit-store.ts'

/** Begins an audit, whose answer the dock shows, or gives the running one up. */
export function AuditButton() {
  const { running, run, cancel } = useAudit()
  const begin = (): void => {
    setParams({ dock: 'audit' }, { replace: true })
    openDock()
    run()
  }
  return (
    <Button small onClick={running ? cancel : begin}>
      <Icon name={running ? 'stop' : 'pass'} size={12} />
      {running ? 'Stop the audit' : 'Audit now'}
    </Button>
  )
}
