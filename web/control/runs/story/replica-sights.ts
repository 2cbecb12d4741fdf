import type { ServiceStatus } from '#contracts/api/live.ts'
import type { LineOf, LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'

type Process = LineOf<'process'>

/** Sees processes come and go. What there is at the first look is no news. */
export class ReplicaSights {
  readonly #into: (at: number) => number
  #known: Map<string, string> | undefined

  constructor(into: (at: number) => number) {
    this.#into = into
  }

  look(services: readonly ServiceStatus[]): LineWithoutTime[] {
    const before = this.#known
    const known = new Map<string, string>()
    const lines: LineWithoutTime[] = []
    for (const { name, replicas } of services) {
      for (const { instance, pid, state, since, detail } of replicas) {
        const key = `${state} ${pid}`
        known.set(instance, key)
        if (before === undefined || before.get(instance) === key) continue
        const line: Omit<Process, 't'> = { kind: 'process', at: this.#into(since), service: name, instance, state }
        if (pid !== null) line.pid = pid
        if (detail !== undefined) line.how = detail
        lines.push(line)
      }
    }
    this.#known = known
    return lines
  }
}
