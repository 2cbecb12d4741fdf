'use client'

import { useMutation } from '@tanstack/react-query'
import { DropdownMenu } from 'radix-ui'
import { run as runSchema } from '#contracts/api/run.ts'
import { reportPage } from '#contracts/html-report/report-page.ts'
import { junitOf } from '#contracts/narration/junit.ts'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { api } from '#web/http/api.ts'
import { understood } from '#web/http/server-state.ts'
import { replayPatch } from '#web/live/replay.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/confirm-button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { floatClass } from '#web/ui/recipes/popover.ts'
import { useStartRun } from '../start/use-start-run.ts'
import type { ReadRun } from './use-run.ts'

const item =
  'flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 py-0 data-highlighted:bg-hover data-highlighted:outline-none'

/** The address of a run, for whoever reaches this lab. */
export const runLink = (id: string): string => `${window.location.origin}/scenarios/${id}`

/** What can be done with a run: stop it while it goes on; share, save, compare and repeat it afterwards. */
export function RunActions({ read: { run, lines, scenario } }: { read: ReadRun }) {
  const start = useStartRun()
  const stop = useMutation({
    mutationFn: async () => {
      const answer = await api.post(`/api/scenarios/runs/${run.id}/stop`)
      if (!answer.ok) throw answer.problem
      return understood(answer.value, runSchema)
    },
  })
  const problem = start.error ?? stop.error
  const journal = (): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const isOver = run.state === 'ended'
  /** A run whose journal was cut off says so in every file of it. */
  const given = (): { problem?: string } => {
    const { problem: cut } = readJournal(journal())
    return cut === undefined ? {} : { problem: cut }
  }
  const narrated = () => narratedRun(lines, given())
  const exports = [
    { label: 'HTML report', save: () => saveFile(`${run.id}.html`, reportPage(lines, given()), 'text/html') },
    { label: 'JUnit XML', save: () => saveFile(`${run.id}.xml`, junitOf([narrated()]), 'application/xml') },
    { label: 'JSON', save: () => saveFile(`${run.id}.json`, `${JSON.stringify(narrated(), undefined, 2)}\n`) },
    { label: 'Journal', save: () => saveFile(`${run.id}.jsonl`, journal(), 'application/x-ndjson') },
  ]
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      {problem ? (
        <span className="min-w-0 truncate text-lost-fg" role="alert" title={problem.detail}>
          {problem.title}
        </span>
      ) : null}
      <CopyButton text={() => runLink(run.id)} label="Share" />
      {isOver ? (
        <>
          <DropdownMenu.Root modal={false}>
            <DropdownMenu.Trigger className={buttonClass('plain', true)}>
              <Icon name="download" size={12} />
              Export
            </DropdownMenu.Trigger>
            <DropdownMenu.Portal>
              <DropdownMenu.Content className={cn(floatClass, 'z-20 min-w-32 p-1')} align="end" sideOffset={4}>
                {exports.map(({ label, save }) => (
                  <DropdownMenu.Item key={label} className={item} onSelect={save}>
                    {label}
                  </DropdownMenu.Item>
                ))}
              </DropdownMenu.Content>
            </DropdownMenu.Portal>
          </DropdownMenu.Root>
          <RouteLink
            path="/"
            patch={{ ...replayPatch(Date.parse(run.startedAt), run.id), scenario: undefined, panel: undefined }}
            className={buttonClass('plain', true)}
          >
            <Icon name="clock" size={12} />
            Replay
          </RouteLink>
          <Button small disabled={start.isPending} onClick={() => start.mutate({ scenario, seed: run.seed })}>
            <Icon name="play" size={12} />
            Run again
          </Button>
        </>
      ) : stop.isPending ? (
        <span className="text-fg-3" role="status">
          Stopping…
        </span>
      ) : (
        <ConfirmButton
          small
          label="Stop"
          title="Stop this run?"
          detail="Its phases end now. The faults are healed, and policies, subscriptions, replicas and event types are made what they were. Messages that were sent stay. Its verdict is inconclusive."
          confirm="Stop it"
          onConfirm={() => stop.mutate()}
        />
      )}
    </div>
  )
}

/** Leads to the comparison with this run as A. */
export const CompareLink = ({ id }: { id: string }) => (
  <RouteLink
    path="/scenarios/compare"
    patch={{ a: id, b: undefined, scenario: undefined }}
    className={buttonClass('plain', true)}
  >
    Compare
  </RouteLink>
)
