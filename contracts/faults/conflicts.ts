import type { FaultConflict } from './define-fault.ts'

/** Of faults that end or stop a process. */
export const oneEndAtATime: FaultConflict = {
  on: 'process',
  types: ['process.kill', 'process.shutdown', 'process.pause'],
  because: 'a process cannot be dead and standing still, or dead twice, at the same time',
}

/** Two faults that stop or cut the broker would undo each other's healing. */
export const oneBrokerFaultAtATime: FaultConflict = {
  on: 'broker',
  types: ['broker.down', 'broker.pause'],
  because: 'the broker cannot be down and paused, or down twice, at the same time',
}
