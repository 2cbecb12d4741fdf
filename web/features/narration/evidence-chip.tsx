import type { Evidence } from '#contracts/api/narration.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'

const icons: Record<Evidence['kind'], IconName> = {
  fault: 'bolt',
  log: 'log',
  sample: 'chart',
  message: 'file',
  offset: 'list',
  check: 'pass',
  setting: 'clock',
  queue: 'queue',
}

const chip =
  'inline-flex h-5 max-w-full items-center gap-1 rounded-sm border border-border px-1.5 py-0 font-mono type-11 text-accent-fg'

/** Where a clause was read: a message opens its journey, a fault the event log; every chip says its line of the journal. */
export function EvidenceChip({ of: { kind, label, line, t, id } }: { of: Evidence }) {
  const title = `Line ${line} of the journal, ${(t / 1_000).toFixed(1)} s into the run`
  const body = (
    <>
      <Icon name={icons[kind]} size={12} className={kind === 'fault' ? 'text-fault-fg' : ''} />
      <span className="truncate">{label}</span>
    </>
  )
  const link = cn(chip, 'hover:bg-hover hover:no-underline')
  if (kind === 'message' && id !== undefined)
    return (
      <RouteLink className={link} path="/" patch={{ message: id, scenario: undefined }} title={`${title}: ${id}`}>
        {body}
      </RouteLink>
    )
  if (kind === 'fault' && id !== undefined)
    return (
      <RouteLink className={link} patch={{ dock: 'log' }} title={`${title}: ${id}`}>
        {body}
      </RouteLink>
    )
  return (
    <span className={chip} title={title}>
      {body}
    </span>
  )
}
