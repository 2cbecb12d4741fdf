import type { RunVerdict } from '#contracts/api/run.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { runView } from './run-words.ts'

const pill: Record<RunVerdict | 'running', string> = {
  pass: 'border-delivered-border bg-delivered-bg icon:text-delivered-fg [&>b]:text-delivered-fg',
  fail: 'border-lost-border bg-lost-bg icon:text-lost-fg [&>b]:text-lost-fg',
  inconclusive: 'border-dashed border-border-strong',
  running: 'border-border icon:text-in-flight-fg',
}

/** The verdict of a run, or that it goes on. */
export function VerdictPill({ verdict, children }: { verdict: RunVerdict | undefined; children?: string }) {
  const { word, icon } = runView(verdict)
  return (
    <span
      className={cn(
        'inline-flex h-6 items-center gap-1.5 rounded-full border py-0 pr-2.5 pl-2 whitespace-nowrap text-fg-2',
        pill[verdict ?? 'running'],
      )}
    >
      <Icon name={icon} />
      <b className="font-semibold text-fg first-letter:uppercase">{word}</b>
      {children}
    </span>
  )
}
