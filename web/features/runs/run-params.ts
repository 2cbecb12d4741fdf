import type { Patch } from '#web/live/url-state.ts'

/** Takes away what the screens of runs keep in the address: what is chosen, filtered and compared. */
export const noRunParams: Patch = {
  ...{ scenario: undefined, verdict: undefined, on: undefined, of: undefined },
  ...{ a: undefined, b: undefined, consumer: undefined },
}
