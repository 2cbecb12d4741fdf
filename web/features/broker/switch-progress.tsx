'use client'
import type { BrokerSwitch, LabBroker, SwitchStep, UnsettledOn } from '#contracts/api/lab-broker.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import type { GlyphName } from '#web/ui/glyph.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import type { Tone } from '#web/ui/recipes/tone.ts'
import { Status } from '#web/ui/status.tsx'
import { count } from '../words/figures.ts'
import { brokerNames, stepWords } from './broker-words.ts'

const stepView: Record<SwitchStep['state'], { tone: Tone; glyph: GlyphName; word: string }> = {
  pending: { tone: 'idle', glyph: 'waiting', word: 'not begun' },
  running: { tone: 'in-flight', glyph: 'handling', word: 'under way' },
  done: { tone: 'delivered', glyph: 'delivered', word: 'done' },
  failed: { tone: 'lost', glyph: 'lost', word: 'failed' },
}

/** The steps of a switch with what each waits for, what is left, and why it ended as it did. */
export function SwitchSteps({ run, state }: { run: BrokerSwitch; state: LabBroker['state'] }) {
  const left = run.left ?? run.abandoned
  return (
    <>
      <ol className="grid gap-2" aria-label="Steps">
        {run.steps.map((step) => {
          const view = stepView[step.state]
          return (
            <li className="grid gap-0.5" key={step.name}>
              <Status tone={view.tone} glyph={view.glyph} label={view.word}>
                <span className={step.state === 'pending' ? 'text-fg-3' : 'text-fg'}>{stepWords[step.name](run)}</span>
              </Status>
              {step.detail === undefined || step.state === 'done' ? null : (
                <p className="pl-4.5 wrap-anywhere text-fg-3">{step.detail}</p>
              )}
            </li>
          )
        })}
      </ol>
      {run.reason === undefined ? null : (
        <p className="rounded-md bg-retrying-bg px-2.5 py-2 wrap-anywhere text-retrying-fg">{run.reason}</p>
      )}
      {left === undefined || left.groups.length === 0 ? null : (
        <Left left={left} title={run.left ? 'What is left' : 'What was left behind'} />
      )}
      {state === 'stuck' ? (
        <p className="text-fg-2">
          It does not get less. Leave it behind, and it stays on {brokerNames[run.from]} and in the ledger until the lab
          runs there again; or cancel, and everything goes on as before.
        </p>
      ) : null}
    </>
  )
}

const cellClass =
  'border-t border-line px-0 py-1 text-right align-top font-normal tabular-nums not-first:pl-4 not-first:whitespace-nowrap first:text-left'
const headClass = cn(cellClass, 'type-11 text-fg-3')

function Left({ left, title }: { left: UnsettledOn; title: string }) {
  return (
    <table className="w-full border-collapse">
      <caption className="px-0 py-1 text-left type-11 font-medium text-fg-3">{title}</caption>
      <thead>
        <tr>
          <th className={headClass} scope="col">
            Group
          </th>
          <th className={headClass} scope="col">
            In the ledger
          </th>
          <th className={headClass} scope="col">
            In {brokerNames[left.broker]}
          </th>
        </tr>
      </thead>
      <tbody>
        {left.groups.map(({ group, messages, inBroker, samples }) => (
          <tr key={group}>
            <th className={cellClass} scope="row">
              {group}
              {samples[0] === undefined ? null : (
                <RouteLink
                  className="block type-mono-11 wrap-anywhere text-fg-2 underline"
                  patch={{ message: samples[0] }}
                  title="The oldest one"
                >
                  {samples[0]}
                </RouteLink>
              )}
            </th>
            <td className={cellClass}>{count(messages)}</td>
            <td className={cellClass}>{inBroker === null ? 'not known' : count(inBroker)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
