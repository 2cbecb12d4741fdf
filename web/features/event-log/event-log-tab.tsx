'use client'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useKnownFaults } from '#web/features/faults/known-faults.ts'
import { topicOf } from '#web/features/faults/use-fault-map.ts'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { WhileLive } from '#web/live/while-live.tsx'
import { Button } from '#web/ui/button.tsx'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { Select, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { count } from '../words/figures.ts'
import { filterLog, isLogKind, joinLog, type LogKind, logKinds } from './log-filter.ts'
import { LogList } from './log-list.tsx'
import { useLogPages } from './log-pages.ts'
import { NoteForm } from './note-form.tsx'

const kindWords: Record<LogKind, string> = {
  all: 'everything',
  fault: 'faults',
  service: 'workers and sidecars',
  rebalance: 'rebalances',
  part: 'broker, database, mailbox',
  publish: 'publishes and bursts',
  redrive: 'redrives',
  audit: 'audits',
  change: 'policies and replicas',
  broker: 'broker switches',
  note: 'notes',
  lab: 'the lab itself',
}

/** What happened to the lab, newest first: faults, workers that come and go, rebalances. `?log=` a kind, `?logq=` a text, `?warn=1` warnings only. */
export function EventLogTab() {
  const asked = useParam('log')
  const kind: LogKind = isLogKind(asked) ? asked : 'all'
  const text = useParam('logq') ?? ''
  const warnings = useParam('warn') === '1'
  const live = useLive((state) => state.events)
  const topology = useLive((state) => state.topology)
  const faults = useKnownFaults()
  const { entries, more, loading, problem, open, older } = useLogPages()
  const all = useMemo(() => joinLog(live, entries), [live, entries])
  const shown = useMemo(() => filterLog(all, { kind, text, warnings }), [all, kind, text, warnings])
  const known = useMemo(() => new Map(faults.map((fault) => [fault.id, fault])), [faults])
  const filtered = kind !== 'all' || text !== '' || warnings
  // What the filter leaves may all be older: look for it while there is more.
  const searching = filtered && shown.length < wantedRows && more
  const goOn = useEffectEvent(older)
  useEffect(() => {
    if (searching && !loading && problem === undefined) goOn()
  }, [searching, loading, problem])
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <WhileLive>
        <NoteForm />
      </WhileLive>
      <Tools kind={kind} text={text} warnings={warnings} shown={shown.length} />
      {shown.length > 0 ? (
        <LogList
          entries={shown}
          link={(entry) => ({ known, entry, topology, topicOf })}
          more={more}
          loading={loading}
          onMore={older}
        />
      ) : problem !== undefined ? (
        <Empty icon="alert" title="The event log could not be read" action={<Button onClick={open}>Try again</Button>}>
          {problem.detail}
        </Empty>
      ) : loading || searching ? (
        <Empty icon="list" title="Reading the event log…" />
      ) : filtered ? (
        <Empty
          icon="filter"
          title="No entry fits the filter"
          action={
            <Button onClick={() => setParams({ log: undefined, logq: undefined, warn: undefined })}>
              Show everything
            </Button>
          }
        />
      ) : (
        <Empty icon="list" title="Nothing has happened yet">
          Faults, workers, publishes, redrives, audits and changes appear here, and stay after a restart of the lab.
        </Empty>
      )}
    </div>
  )
}

/** A filter looks so many rows far into what is older. */
const wantedRows = 50

function Tools({ kind, text, warnings, shown }: { kind: LogKind; text: string; warnings: boolean; shown: number }) {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed.trim() === text) return
    const timer = setTimeout(() => setParams({ logq: typed.trim() || undefined }, { replace: true }), 250)
    return () => clearTimeout(timer)
  }, [typed, text])
  return (
    <DockTools>
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-fg-3">
        {shown === 1 ? '1 entry' : `${count(shown)} entries`}
      </span>
      <Button
        small
        aria-pressed={warnings}
        className={cn(warnings && 'border-border-strong bg-hover')}
        onClick={() => setParams({ warn: warnings ? undefined : '1' }, { replace: true })}
      >
        <Icon name="alert" size={12} />
        Warnings only
      </Button>
      <Select
        boxClass="h-6 w-42 max-[1439px]:w-35"
        aria-label="Show"
        value={kind}
        onChange={(event) =>
          setParams({ log: event.target.value === 'all' ? undefined : event.target.value }, { replace: true })
        }
      >
        {logKinds.map((value) => (
          <option key={value} value={value}>
            {kindWords[value]}
          </option>
        ))}
      </Select>
      <TextInput
        quiet
        boxClass="h-6 w-46 max-[1439px]:w-35"
        type="search"
        data-search
        aria-label="Search the event log"
        placeholder="Worker, fault, word…"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        before={<Icon name="search" />}
        after={<kbd>/</kbd>}
      />
    </DockTools>
  )
}
