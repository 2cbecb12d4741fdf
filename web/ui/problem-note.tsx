import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { cn } from './recipes/cn.ts'
import { noteClass } from './recipes/note.ts'

/** What of a problem document is read by a person. */
interface Readable {
  title: string
  detail: string
}

/** A problem document in the place of what it kept from happening, with what more there is to say of it; read out when it comes. */
export const ProblemNote = ({
  problem,
  className,
  children,
}: {
  problem: Readable
  className?: string
  children?: ReactNode
}) => (
  <div className={cn(noteClass, className)} role="alert">
    <Icon name="alert" />
    <div>
      <b>{problem.title}.</b> {problem.detail}
      {children}
    </div>
  </div>
)
