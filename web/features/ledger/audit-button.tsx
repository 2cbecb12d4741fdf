'use client'

import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { useAudit } from './audit-store.ts'

/** Begins an audit, or gives the running one up. */
export function AuditButton() {
  const { running, run, cancel } = useAudit()
  return (
    <Button small onClick={running ? cancel : run}>
      <Icon name={running ? 'stop' : 'pass'} size={12} />
      {running ? 'Stop the audit' : 'Audit now'}
    </Button>
  )
}
