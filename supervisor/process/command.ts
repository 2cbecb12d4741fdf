/** A program and its arguments. */
export interface Command {
  /** Absolute path. */
  program: string
  args: string[]
}

/** Called with what is being done, in a few words for a person. */
export type ReportProgress = (doing: string) => void
