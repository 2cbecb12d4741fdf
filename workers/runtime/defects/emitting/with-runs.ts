import type { EmissionRun } from '../../publish/emission-run.ts'
import type { Emitter } from '../../publish/emitter.ts'

/** The same emitter, whose runs are what `change` makes of them. */
export const withRuns =
  (change: (run: EmissionRun, emitter: Emitter) => EmissionRun) =>
  (emitter: Emitter): Emitter => ({ ...emitter, begin: (of) => change(emitter.begin(of), emitter) })
