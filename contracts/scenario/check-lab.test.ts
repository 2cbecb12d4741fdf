import { expect, test } from 'vitest'
import { problemInWords } from '../yaml-document/file-problem.ts'
import { checkAgainstLab } from './check-lab.ts'
import { readScenario } from './read-scenario.ts'

const head = 'apiVersion: faultline/v1\nkind: Scenario\nmetadata: { name: a }\n'

test('names are checked against the lab', () => {
  const { scenario } = readScenario(`${head}lab: shop
broker: [kafka]
events: { order_plced: {} }
phases:
  - { name: p, duration: 10s, arrivalRate: 5, types: { order_placed: 1, refunds: 1 } }
  - { name: pause, duration: 1s }
faults:
  - { id: f, type: process.kill, target: { service: consumer-bd }, phase: p }
  - { id: g, type: link.down, target: { link: consumer-db->databse }, phase: p }
steps:
  - { phase: p, replicas: { nobody: 2 }, subscribe: { consumer-db: [refunds] } }
  - { phase: pause, broker: kafka }
assertions:
  - { metric: consumer.lag, group: consumer-emil, op: "<", value: 3 }
  - { metric: flow.ended, flow: checkot, op: ">", value: 3 }
  - { metric: flow.ended, flow: checkout, end: parcel_snt, op: ">", value: 3 }
  - { metric: flow.ended, flow: "*", end: refund_paid, op: ">", value: 3 }
invariants: [single-effect:consumer-x]
`)
  if (!scenario) throw new Error('it can be read')
  const targets = {
    ...{ lab: 'demo', broker: 'local', links: ['consumer-db->database'], eventTypes: ['order_placed'] },
    brokers: [{ name: 'kafka', ready: false, reason: 'kafka is not on this machine' }],
    flows: [
      { name: 'checkout', ends: ['parcel_sent'] },
      { name: 'refund', ends: ['refund_paid'] },
    ],
    services: [
      { name: 'producer', kind: 'producer' as const, instances: ['producer-1'] },
      { name: 'consumer-db', kind: 'consumer' as const, instances: ['consumer-db-1'] },
      { name: 'consumer-email', kind: 'consumer' as const, instances: [] },
    ],
  }
  expect(checkAgainstLab(scenario, targets).map(problemInWords)).toMatchInlineSnapshot(`
    [
      "4:6 /lab: the lab is "demo", not "shop"; start the lab shop",
      "5:9 /broker: it is for kafka, and the lab runs on local; run it with --broker kafka",
      "6:11 /events/order_plced: the lab has no event type "order_plced"; did you mean order_placed?",
      "8:73 /phases/0/types/refunds: the lab has no event type "refunds"; known: order_placed",
      "11:53 /faults/0/target/service: the lab has no service "consumer-bd"; did you mean consumer-db?",
      "12:47 /faults/1/target/link: the lab has no link "consumer-db->databse"; did you mean consumer-db->database?",
      "14:29 /steps/0/replicas/nobody: the lab has no service "nobody"; known: producer, consumer-db, consumer-email",
      "14:69 /steps/0/subscribe/consumer-db/0: the lab has no event type "refunds"; known: order_placed",
      "15:29 /steps/1/broker: this lab has no kafka now; kafka is not on this machine",
      "17:36 /assertions/0/group: the lab has no consumer group "consumer-emil"; did you mean consumer-email?",
      "18:33 /assertions/1/flow: the lab has no flow "checkot"; did you mean checkout?",
      "19:48 /assertions/2/end: the lab has no end of a flow "parcel_snt"; did you mean parcel_sent?",
      "21:14 /invariants/0: the lab has no consumer "consumer-x"; did you mean consumer-db?",
    ]
  `)
})
