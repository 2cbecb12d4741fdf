import type { ReactNode } from 'react'
import type { Fault } from '#contracts/faults/fault.ts'
import { Icon } from '#web/ui/icon.tsx'
import { faultStateView } from './fault-words.ts'

/** Its type, and its state where that is not the usual one; `children` stand at the end. */
export function FaultTitle({ fault, children }: { fault: Fault; children: ReactNode }) {
  const { icon, word } = faultStateView[fault.state]
  return (
    <div className="fault-card__title">
      <Icon name={icon} />
      <code>{fault.type}</code>
      {fault.state === 'active' ? null : <span className="t3">{word}</span>}
      <span className="spacer" />
      {children}
    </div>
  )
}

/** How much of its time has passed, 0–1; nothing for one that lasts until it is healed. */
export const FaultProgress = ({ share }: { share: number | undefined }) =>
  share === undefined ? null : (
    <div className="progress">
      <i style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </div>
  )
