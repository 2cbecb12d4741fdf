'use client'

import { useState } from 'react'
import { anomalies } from '#contracts/api/ledger.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { clock, count } from '../words/figures.ts'
import { type AnomalySummary, anomalyNote, failingWords } from './ledger-words.ts'
import { SampleLinks } from './sample-links.tsx'

/** What went wrong or is worth counting; each opens to what it means and the first messages that it befell. */
export function AnomalyList({ list }: { list: AnomalySummary[] }) {
  return (
    <div>
      <div className="sect__head">
        <h2>Anomalies</h2>
        <span className="t3">{failingWords(list)}</span>
      </div>
      {list.length === 0 ? <p className="t3 lx__none">None was seen.</p> : null}
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
      <div className="lx__line">
        <button
          type="button"
          className={`lx__name status s-${failing > 0 ? 'lost' : 'idle'}`}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpen(!open)}
        >
          <Glyph name={failing > 0 ? 'lost' : 'skipped'} />
          {name}
          <Icon name={open ? 'up' : 'down'} size={12} />
        </button>
        {samples.length === 0 ? (
          <span>{count(found)}</span>
        ) : (
          <MessagesLink filters={{ ids: samples.join() }} label={`${count(found)} ${name}: show their messages`}>
            {count(found)}
          </MessagesLink>
        )}
        <span className="clip">{anomalyNote(anomaly)}</span>
      </div>
      {open ? (
        <div className="lx__more" id={id}>
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
