import type { BrokerName } from '#contracts/broker-name.ts'
import type { BrokerSwitch, LabBroker, SwitchStep, UnsettledOn } from '#contracts/lab-broker.ts'
import { count } from '../words/figures.ts'

export const brokerNames: Record<BrokerName, string> = { local: 'Local', redis: 'Redis', kafka: 'Kafka' }

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
export function consequences(lab: LabBroker, to: BrokerName): string[] {
  const from = brokerNames[lab.broker]
  const here = unsettledCount(lab.unsettled.find(({ broker }) => broker === lab.broker))
  const there = unsettledCount(lab.unsettled.find(({ broker }) => broker === to))
  const reason = lab.available.find(({ name }) => name === to)?.reason
  return [
    ...(reason === undefined ? [] : [`${brokerNames[to]} does not run: ${reason}. ${from} goes on until it answers.`]),
    here === 0
      ? `Nothing is unsettled on ${from}.`
      : `On ${from} ${obligations(here)} ${here === 1 ? 'is' : 'are'} unsettled. The switch waits for that; you can leave it behind.`,
    'Events and bursts are refused meanwhile, and running bursts are stopped.',
    `Workers finish what they hold and start again on ${brokerNames[to]}.`,
    ...(there === 0
      ? []
      : [`On ${brokerNames[to]} ${obligations(there)} ${there === 1 ? 'waits' : 'wait'} to be taken up again.`]),
  ]
}

export const stepWords: Record<SwitchStep['name'], (run: Pick<BrokerSwitch, 'from' | 'to'>) => string> = {
  engine: ({ to }) => `${brokerNames[to]} runs and answers`,
  drain: ({ from }) => `${brokerNames[from]} is drained`,
  wiring: ({ to }) => `Topics and queues stand on ${brokerNames[to]}`,
  workers: ({ to }) => `Workers run on ${brokerNames[to]}`,
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
