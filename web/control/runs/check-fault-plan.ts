import { pathOfPointer } from '#contracts/json-pointer.ts'
import type { PlannedFault } from '#contracts/scenario/plan.ts'
import type { Scenario } from '#contracts/scenario/read-scenario.ts'
import type { FileProblem } from '#contracts/yaml-document/file-problem.ts'
import type { RunLab } from './run-lab.ts'

/** Faults of a scenario that this lab cannot have, each at its place in the file. */
export function checkFaultPlan(
  lab: RunLab,
  { file, document }: Scenario,
  planned: readonly PlannedFault[],
): FileProblem[] {
  const made = file.steps.flatMap(({ eventType }) => eventType?.name ?? [])
  const phases = file.phases.map(({ name }) => name)
  const moves = file.steps.flatMap(({ broker, phase }) => (broker === undefined ? [] : phases.indexOf(phase)))
  return planned.flatMap(({ input, phase }, index) => {
    const { target } = input
    // On the broker that the lab runs on then it may be possible.
    if (moves.some((move) => move <= phases.indexOf(phase))) return []
    // It will be there when its time has come.
    if (typeof target === 'object' && made.includes(target.eventType ?? '')) return []
    return lab.faultErrors(input).map(({ path, message }) => {
      const place = pathOfPointer(path).map((name) => name.replace(/Ms$/, ''))
      return document.problemAt(['faults', index, ...place], `this lab cannot have the fault: ${message}`, '')
    })
  })
}
