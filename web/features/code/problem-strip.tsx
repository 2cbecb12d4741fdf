import { Button } from '#web/ui/button.tsx'
import type { PlacedProblem } from './file-problems.ts'

interface ProblemStripProps {
  id: string
  problems: readonly PlacedProblem[]
  onGo: (problem: PlacedProblem) => void
  onFix: (problem: PlacedProblem) => void
}

const shownProblems = 6

/** Below the file: each problem with its place, its cause, and one way to mend it where that is known. */
export const ProblemStrip = ({ id, problems, onGo, onFix }: ProblemStripProps) => (
  <ul id={id} aria-live="polite" aria-label="Problems of the file">
    {problems.slice(0, shownProblems).map((problem) => (
      <li
        key={`${problem.place} ${problem.path} ${problem.message}`}
        className="flex min-h-8 items-center gap-2 border border-t-0 border-lost bg-lost-bg py-1 pr-1 pl-1 text-fg last:rounded-b-md"
      >
        {problem.place === undefined ? null : (
          <Button variant="ghost" small onClick={() => onGo(problem)} title="Go there">
            <code className="font-semibold text-lost-fg">{problem.place}</code>
          </Button>
        )}
        <span className="min-w-0 wrap-anywhere">
          {problem.path === '' ? null : <code className="text-fg-2">{problem.path}: </code>}
          {problem.message}
        </span>
        <span className="flex-1" />
        {problem.fix === undefined ? null : (
          <Button variant="ghost" small onClick={() => onFix(problem)}>
            {problem.fix.label}
          </Button>
        )}
      </li>
    ))}
    {problems.length <= shownProblems ? null : (
      <li className="flex min-h-8 items-center border border-t-0 border-lost bg-lost-bg px-3 text-fg last:rounded-b-md">
        and {problems.length - shownProblems} more
      </li>
    )}
  </ul>
)
