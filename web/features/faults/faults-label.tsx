import type { Patch } from '#web/live/url-state.ts'
import { countClass } from '#web/ui/recipes/count.ts'

/** Parameters of the Faults tab, taken off the address when its drawer is closed. */
export const noFaultParams: Patch = { scope: undefined, inject: undefined, fault: undefined }

/** The tab's name with the number of faults in effect here. */
export const FaultsLabel = ({ count }: { count: number }) => (
  <>Faults {count === 0 ? null : <span className={countClass({ tone: 'fault' })}>{count}</span>}</>
)
