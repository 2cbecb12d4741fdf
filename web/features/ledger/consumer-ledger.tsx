'use client'

import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { sampleLimit } from '#contracts/api/ledger.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { useLive } from '#web/live/live-store.ts'
import { Section } from '#web/ui/panel.tsx'
import { Status } from '#web/ui/status.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { dueWords } from '../nodes/card-words.ts'
import { obligationsAt } from '../nodes/node-obligations.ts'
import { clock, count } from '../words/figures.ts'
import { useAudit } from './audit-store.ts'
import { barSegmentsOf, totalOf } from './ledger-figures.ts'
import { SampleLinks } from './sample-links.tsx'

const none: never[] = []

/** In a consumer's drawer: what it owes, and whether it can promise one effect for each message. */
export function ConsumerLedger({ node }: { node: TopologyNode }) {
  return (
    <>
      <Owed node={node} />
      <SingleEffect node={node} />
    </>
  )
}

function Owed({ node }: { node: TopologyNode }) {
  const groups = useLive((live) => live.ledger?.groups ?? none)
  const owed = useLive(useShallow((live) => obligationsAt(node, live.ledger, live.topology.edges, live.at)))
  const total = useMemo(() => totalOf(groups.filter(({ group }) => group === node.name)), [groups, node])
  return (
    <Section title="Owed" aside={`${count(total.owed)} ${total.owed === 1 ? 'message' : 'messages'}`}>
      <ul>
        {barSegmentsOf(total).map(({ tone, glyph, word, count: value, filters }) => (
          <li className="grid h-6 grid-cols-[1fr_auto_auto] items-center gap-3" key={word}>
            <Status tone={value === 0 ? 'idle' : tone} glyph={glyph}>
              <span className="text-fg-2">{word}</span>
            </Status>
            <span className="text-fg-3">{tone === 'retrying' && value > 0 ? dueWords(owed?.dueInMs) : null}</span>
            <MessagesLink
              className="min-w-12 text-right font-medium text-fg"
              filters={{ ...filters, group: node.name }}
              label={`${count(value)} ${word}: show them`}
            >
              {count(value)}
            </MessagesLink>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Nobody can promise a single mail over SMTP: this says so, and counts. */
function SingleEffect({ node }: { node: TopologyNode }) {
  const duplicates = useLive((live) => live.ledger?.anomalies.find(({ name }) => name === 'duplicate_effect'))
  const found = duplicates?.groups[node.name] ?? 0
  const samples = duplicates?.samplesByGroup[node.name] ?? none
  return (
    <Section
      title="Effects"
      aside={node.idempotent ? 'one for each message' : 'at least one for each message'}
      actions={
        samples.length === 0 ? undefined : (
          <MessagesLink filters={{ ids: samples.join() }}>Show in the list</MessagesLink>
        )
      }
    >
      <p className="text-fg-2">
        {node.idempotent
          ? 'Effect and inbox entry are written in one transaction, so a message that is delivered twice acts once. A second effect fails the verdict.'
          : 'It cannot promise a single effect: the server may have taken a mail when the answer is lost or the worker dies before it settles, and the message is then handled again. Duplicates are counted and do not fail the verdict.'}
      </p>
      <Status
        tone={found === 0 ? 'delivered' : node.idempotent ? 'lost' : 'idle'}
        glyph={found === 0 ? 'delivered' : node.idempotent ? 'lost' : 'skipped'}
      >
        {found === 0
          ? 'no duplicate that its workers reported'
          : found === 1
            ? '1 duplicate'
            : `${count(found)} duplicates`}
      </Status>
      <SampleLinks ids={samples} of={found} />
      <Audited group={node.name} />
    </Section>
  )
}

/** An attempt that was cut off after it had acted reports no effect: the effect store has it, which an audit reads. */
function Audited({ group }: { group: string }) {
  const { report } = useAudit()
  const found = report?.disagreements.find((one) => one.kind === 'effect_duplicated' && one.group === group)
  if (!report?.witnesses.effects) {
    return <p className="text-fg-3">An audit also counts those of attempts that were cut off after they had acted.</p>
  }
  return (
    <>
      <p className="text-fg-2">
        {found === undefined
          ? `The audit of ${clock(report.at).slice(0, 8)} found no message with more than one.`
          : `The audit of ${clock(report.at).slice(0, 8)} found ${count(found.count)} ${found.count === 1 ? 'message' : 'messages'} with more than one.`}
      </p>
      {found === undefined ? null : <SampleLinks ids={found.samples.slice(0, sampleLimit)} of={found.count} />}
    </>
  )
}
