/** What `faultline` exits with; scripts rely on these. */
export const exitCodes = { pass: 0, fail: 1, invalid: 2, inconclusive: 3, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Of several runs: an interruption first, then what is invalid, what failed, what is open. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  const order: ExitCode[] = [exitCodes.interrupted, exitCodes.invalid, exitCodes.fail, exitCodes.inconclusive]
  return order.find((code) => codes.includes(code)) ?? exitCodes.pass
}

/** Ends the command with a sentence for a person on standard error. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.fail) {
    super(message)
    this.exitCode = exitCode
  }
}
