import { z } from 'zod'
import { brokers } from './broker-list.ts'

/** What the lab can run on: the names of `brokers`. */
export type BrokerName = (typeof brokers)[number]['name']
const [first, ...others] = brokers
export const brokerName = z.enum([first.name, ...others.map(({ name }) => name)])

/** Where neither the environment nor an earlier run says anything. */
export const defaultBroker: BrokerName = first.name

/** What is known of each, by its name. */
const byName = Object.fromEntries(brokers.map((broker) => [broker.name, broker])) as {
  [Name in BrokerName]: Extract<(typeof brokers)[number], { name: Name }>
}

/** What is known of a broker. */
export const brokerOf = <Name extends BrokerName>(name: Name): (typeof byName)[Name] => byName[name]
