'use client'
import type { BrokerSwitch, LabBroker, SwitchStep, UnsettledOn } from '#contracts/api/lab-broker.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import type { GlyphName } from '#web/ui/glyph.tsx'
import { Status, type Tone } from '#web/ui/status.tsx'
import { count } from '../words/figures.ts'
import { brokerNames, stepWords } from './broker-words.ts'

const stepView: Record<SwitchStep['state'], { tone: Tone; glyph: GlyphName; word: string }> = {
  pending: { tone: 'idle', glyph: 'waiting', word: 'not begun' },
  running: { tone: 'in-flight', glyph: 'handling', word: 'under way' },
  done: { tone: 'delivered', glyph: 'delivered', word: 'done' },
  failed: { tone: 'lost', glyph: 'lost', word: 'failed' },
}

/** The steps of a switch with what each waits for, what is left, and why it ended as it did. */
export function SwitchProgress({ run, state }: { run: BrokerSwitch; state: LabBroker['state'] }) {
  const left = run.left ?? run.abandoned
  return (
    <>
      <ol className="switch__steps" aria-label="Steps">
        {run.steps.map((step) => {
          const view = stepView[step.state]
          return (
            <li key={step.name}>
              <Status tone={view.tone} glyph={view.glyph} label={view.word}>
                <span className={step.state === 'pending' ? 't3' : undefined}>{stepWords[step.name](run)}</span>
              </Status>
              {step.detail === undefined || step.state === 'done' ? null : <p className="t3">{step.detail}</p>}
            </li>
          )
        })}
      </ol>
      {run.reason === undefined ? null : <p className="switch__reason">{run.reason}</p>}
      {left === undefined || left.groups.length === 0 ? null : (
        <Left left={left} title={run.left ? 'What is left' : 'What was left behind'} />
      )}
      {state === 'stuck' ? (
        <p className="t2">
          It does not get less. Leave it behind, and it stays on {brokerNames[run.from]} and in the ledger until the lab
          runs there again; or cancel, and everything goes on as before.
        </p>
      ) : null}
    </>
  )
}

function Left({ left, title }: { left: UnsettledOn; title: string }) {
  return (
    <table className="switch__left">
      <caption className="caps">{title}</caption>
      <thead>
        <tr>
          <th scope="col">Group</th>
          <th scope="col">In the ledger</th>
          <th scope="col">In {brokerNames[left.broker]}</th>
        </tr>
      </thead>
      <tbody>
        {left.groups.map(({ group, messages, inBroker, samples }) => (
          <tr key={group}>
            <th scope="row">
              {group}
              {samples[0] === undefined ? null : (
                <RouteLink className="switch__sample" patch={{ message: samples[0] }} title="The oldest one">
                  {samples[0]}
                </RouteLink>
              )}
            </th>
            <td>{count(messages)}</td>
            <td>{inBroker === null ? 'not known' : count(inBroker)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
