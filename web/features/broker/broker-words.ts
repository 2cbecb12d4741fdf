import type { BrokerSwitch, LabBroker, SwitchStep, UnsettledOn } from '#contracts/api/lab-broker.ts'
import { brokers } from '#contracts/brokers/broker-list.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { count } from '../words/figures.ts'

export const brokerNames = Object.fromEntries(brokers.map(({ name, label }) => [name, label])) as Record<
  BrokerName,
  string
>

/** Messages that at least one group has not settled, at the most that any group has; publishes without an answer beside. */
export const unsettledCount = (on: UnsettledOn | undefined): number =>
  on === undefined
    ? 0
    : Math.max(
        on.publishes,
        on.groups.reduce((sum, { messages, inBroker }) => sum + Math.max(messages, inBroker ?? 0), 0),
      )

/** `1 obligation`, `1,240 obligations`: one message owed to two groups counts twice. */
export const obligations = (value: number): string => `${count(value)} ${value === 1 ? 'obligation' : 'obligations'}`

/** What a switch to `to` will do, a sentence a line. */
export function consequences(lab: LabBroker, to: BrokerName, deadLetters = 0): string[] {
  const from = brokerNames[lab.broker]
  const here = unsettledCount(lab.unsettled.find(({ broker }) => broker === lab.broker))
  const there = unsettledCount(lab.unsettled.find(({ broker }) => broker === to))
  const reason = lab.available.find(({ name }) => name === to)?.reason
  return [
    ...(reason === undefined ? [] : [`${brokerNames[to]} does not run: ${reason}. ${from} goes on until it answers.`]),
    here === 0
      ? `Nothing is unsettled on ${from}.`
      : `On ${from} ${obligations(here)} ${here === 1 ? 'is' : 'are'} unsettled. The switch waits for that; you can leave it behind.`,
    ...(deadLetters === 0
      ? []
      : [
          `${deadLetters.toLocaleString('en-US')} ${deadLetters === 1 ? 'dead letter stays' : 'dead letters stay'} on ${from}: they can be redriven when the lab runs on it again.`,
        ]),
    'Events and bursts are refused meanwhile, and running bursts are stopped.',
    `Workers finish what they hold and start again on ${brokerNames[to]}.`,
    ...(there === 0
      ? []
      : [`On ${brokerNames[to]} ${obligations(there)} ${there === 1 ? 'waits' : 'wait'} to be taken up again.`]),
  ]
}

export const stepWords: Record<SwitchStep['name'], (run: Pick<BrokerSwitch, 'from' | 'to'>) => string> = {
  engine: ({ to }) => `Start and reach ${brokerNames[to]}`,
  drain: ({ from }) => `Drain ${brokerNames[from]}`,
  wiring: ({ to }) => `Declare topics and queues on ${brokerNames[to]}`,
  workers: ({ to }) => `Move the workers to ${brokerNames[to]}`,
}

/** How a switch ended, or what it does now. */
export function headline(run: BrokerSwitch, state: LabBroker['state']): string {
  const [from, to] = [brokerNames[run.from], brokerNames[run.to]]
  if (run.outcome === 'done') return `The lab runs on ${to}`
  if (run.outcome === 'cancelled') return `Cancelled: the lab stays on ${from}`
  if (run.outcome === 'rolled_back') return `${to} did not work out: the lab is back on ${from}`
  if (state === 'stuck') return `${from} does not drain`
  if (state === 'rolling_back') return `Going back to ${from}`
  return `From ${from} to ${to}`
}

/** What everyone must know while events are refused; undefined while they are taken. */
export function switchBanner(lab: LabBroker): string | undefined {
  if (lab.refusal === undefined) return undefined
  const run = lab.switch
  if (!run || run.outcome !== undefined) return `Events are refused: ${lab.refusal}`
  const left = unsettledCount(run.left)
  const still = lab.state === 'draining' || lab.state === 'stuck' ? `, ${count(left)} left to settle` : ''
  return `${headline(run, lab.state)}${still}. Events and bursts are refused meanwhile.`
}
