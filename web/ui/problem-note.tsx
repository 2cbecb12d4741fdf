import { Icon } from './icon.tsx'

/** What of a problem document is read by a person. */
interface Readable {
  title: string
  detail: string
}

/** A problem document in the place of what it kept from happening; read out when it comes. */
export const ProblemNote = ({ problem, className = '' }: { problem: Readable; className?: string }) => (
  <p className={`note ${className}`.trim()} role="alert">
    <Icon name="alert" />
    <span>
      <b>{problem.title}.</b> {problem.detail}
    </span>
  </p>
)
