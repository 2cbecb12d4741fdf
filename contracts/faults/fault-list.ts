import { ackLost } from './catalogue/ack-lost.ts'
import { brokerDown } from './catalogue/broker-down.ts'
import { brokerPause } from './catalogue/broker-pause.ts'
import { handlerError } from './catalogue/handler-error.ts'
import { handlerLatency } from './catalogue/handler-latency.ts'
import { linkBandwidth } from './catalogue/link-bandwidth.ts'
import { linkDown } from './catalogue/link-down.ts'
import { linkLatency } from './catalogue/link-latency.ts'
import { linkResetPeer } from './catalogue/link-reset-peer.ts'
import { linkTimeout } from './catalogue/link-timeout.ts'
import { messageDuplicate } from './catalogue/message-duplicate.ts'
import { messagePoison } from './catalogue/message-poison.ts'
import { messageReorder } from './catalogue/message-reorder.ts'
import { processBlock } from './catalogue/process-block.ts'
import { processKill } from './catalogue/process-kill.ts'
import { processPause } from './catalogue/process-pause.ts'
import { processShutdown } from './catalogue/process-shutdown.ts'
import { simulatorFaults } from './catalogue/simulator.ts'
import type { FaultDefinition } from './define-fault.ts'

/** Every fault that the lab knows, in the order in which they are offered. A new file in `catalogue` needs one line here. */
export const faultList: readonly FaultDefinition[] = [
  processKill,
  processShutdown,
  processPause,
  processBlock,
  handlerLatency,
  handlerError,
  messagePoison,
  messageDuplicate,
  messageReorder,
  ackLost,
  linkLatency,
  linkBandwidth,
  linkTimeout,
  linkResetPeer,
  linkDown,
  brokerDown,
  brokerPause,
  ...simulatorFaults,
]

export const definitionOf = (type: string): FaultDefinition | undefined =>
  faultList.find((definition) => definition.type === type)
