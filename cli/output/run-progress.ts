import type { Run } from '#contracts/api/run.ts'
import { faultStory, faultTargetWords } from '#contracts/scenario-run/fault-story.ts'
import type { Output } from './output.ts'
import { runReport, signOf } from './run-report.ts'

/** Shows how a run goes on: drawn in place on a terminal, else a line for each change. */
export interface RunProgress {
  show(run: Run): void
  end(): void
}

export function createRunProgress(output: Output): RunProgress {
  let before: Run | undefined
  return {
    show(run) {
      if (output.isTerminal) output.draw(runReport(run))
      else
        for (const line of changes(before, run))
          output.line(`${(run.elapsedMs / 1_000).toFixed(1).padStart(7)}s  ${line}`)
      before = run
    },
    end: () => output.endDrawing(false),
  }
}

/** What happened between two sights of a run, a line each. */
export function changes(before: Run | undefined, run: Run): string[] {
  const lines: string[] = []
  if (before === undefined) lines.push(`${run.name} begins as ${run.id}, seed ${run.seed}, broker ${run.broker}`)
  if (before?.state !== run.state) lines.push(run.state.replaceAll('_', ' '))
  for (const [index, phase] of run.phases.entries()) {
    const was = before?.phases[index]
    if (phase.beganAt !== undefined && was?.beganAt === undefined) lines.push(`phase ${phase.name}`)
    if (phase.detail !== undefined && was?.detail === undefined) lines.push(`phase ${phase.name}: ${phase.detail}`)
  }
  for (const [index, fault] of run.faults.entries()) {
    const was = before?.faults[index]
    const isNews = fault.state !== 'planned' && (was?.state !== fault.state || was.observedAt !== fault.observedAt)
    if (isNews) lines.push(`fault ${fault.id} (${fault.type} on ${faultTargetWords(fault)}): ${faultStory(fault)}`)
  }
  for (const step of run.steps.slice(before?.steps.length ?? 0)) lines.push(`step ${step.id}: ${step.detail}`)
  for (const [index, check] of run.checks.entries()) {
    if (check.result === 'pending' || before?.checks[index]?.result === check.result) continue
    lines.push(
      `${signOf[check.result]} ${check.id}: ${check.title}${check.detail === undefined ? '' : `: ${check.detail}`}`,
    )
  }
  return lines
}
