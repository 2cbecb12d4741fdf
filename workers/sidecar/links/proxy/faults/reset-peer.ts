import type { LinkFault, OnHit } from '../link-fault.ts'
import { faultOnConnections, type LinkFaultOptions } from './victims-of.ts'

/** Resets each victim `timeoutMs` after it was opened, or after the fault began if it was open before. */
export function resetPeer(options: LinkFaultOptions & { timeoutMs: number }, onHit: OnHit): LinkFault {
  return faultOnConnections(options, () => undefined, {
    async onEnter({ connection, gate }) {
      // Not within the event that made it: its sockets are not all in place yet.
      await new Promise((resolve) => setImmediate(resolve))
      await gate.wait(options.timeoutMs)
      if (gate.isOpen) return
      onHit()
      connection.reset()
    },
  })
}
