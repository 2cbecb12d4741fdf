import type { AvailableBroker, LabBroker, UnsettledOn } from '#contracts/api/lab-broker.ts'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import type { Gate } from '../publish/gate.ts'
import type { BrokerSwitchboard } from './broker-switch.ts'

/** What the API and viewers see of brokers; the same value as long as nothing in it changes. */
export function createLabBrokerView(sources: {
  current: () => BrokerName
  switchboard: Pick<BrokerSwitchboard, 'state' | 'latest'>
  gate: Pick<Gate, 'refusal'>
  available: () => AvailableBroker[]
  unsettled: (broker: BrokerName) => UnsettledOn
}): () => LabBroker {
  let text = ''
  let view: LabBroker | undefined

  return () => {
    const { switchboard, gate } = sources
    const refusal = gate.refusal()
    const latest = switchboard.latest()
    const next: LabBroker = {
      broker: sources.current(),
      state: switchboard.state(),
      available: sources.available(),
      ...(refusal === undefined ? {} : { refusal }),
      unsettled: brokerName.options
        .map(sources.unsettled)
        .filter(({ publishes, groups }) => publishes > 0 || groups.length > 0),
      ...(latest === undefined ? {} : { switch: latest }),
    }
    const nextText = JSON.stringify(next)
    if (view && nextText === text) return view
    text = nextText
    view = next
    return next
  }
}
