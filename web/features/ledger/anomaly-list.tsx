'use client'

import { useState } from 'react'
import { anomalies } from '#contracts/api/ledger.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { statusClass } from '#web/ui/status.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { clock, count } from '../words/figures.ts'
import { type AnomalySummary, anomalyNote, failingWords } from './ledger-words.ts'
import { SampleLinks } from './sample-links.tsx'

/** What went wrong or is worth counting; each opens to what it means and the first messages that it befell. */
export function AnomalyList({ list }: { list: AnomalySummary[] }) {
  return (
    <div className="min-w-0 px-4 py-3">
      <div className={sectionHead}>
        <h2 className="type-12 font-semibold whitespace-nowrap">Anomalies</h2>
        <span className="type-11 text-fg-3">{failingWords(list)}</span>
      </div>
      {list.length === 0 ? <p className="py-1 text-fg-3">None was seen.</p> : null}
      <ul>
        {list.map((anomaly) => (
          <Anomaly key={anomaly.name} anomaly={anomaly} />
        ))}
      </ul>
    </div>
  )
}

function Anomaly({ anomaly }: { anomaly: AnomalySummary }) {
  const [open, setOpen] = useState(false)
  const { name, count: found, failing, samples, groups, since } = anomaly
  const id = `anomaly-${name}`
  return (
    <li>
      <div className="grid h-6 grid-cols-[168px_56px_1fr] items-center gap-2 text-fg-3">
        <button
          type="button"
          className={cn(statusClass, 'border-0 bg-transparent p-0', toneClass[failing > 0 ? 'lost' : 'idle'])}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpen(!open)}
        >
          <Glyph name={failing > 0 ? 'lost' : 'skipped'} />
          {name}
          <Icon className="text-fg-3" name={open ? 'up' : 'down'} size={12} />
        </button>
        {samples.length === 0 ? (
          <span className="text-right font-medium text-fg">{count(found)}</span>
        ) : (
          <MessagesLink
            className="text-right font-medium text-fg"
            filters={{ ids: samples.join() }}
            label={`${count(found)} ${name}: show their messages`}
          >
            {count(found)}
          </MessagesLink>
        )}
        <span className="min-w-0 truncate">{anomalyNote(anomaly)}</span>
      </div>
      {open ? (
        <div className="grid gap-1 pt-0.5 pr-0 pb-2 pl-4.5 text-fg-2" id={id}>
          <p>
            {anomalies[name].meaning}; first seen {clock(since)}
            {Object.entries(groups).map(([group, of]) => `, ${count(of)} in ${group}`)}
          </p>
          <SampleLinks ids={samples} of={found} />
        </div>
      ) : null}
    </li>
  )
}
