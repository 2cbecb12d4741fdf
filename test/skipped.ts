/**
 * Says why a suite is skipped, and gives the reason for `describe.skipIf`. With CI=true a skip is a failure, so it throws.
 */
export function skipped(suite: string, reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined
  if (process.env.CI === 'true') throw new Error(`${suite} cannot run, and with CI=true it must: ${reason}`)
  process.stderr.write(`SKIPPED ${suite}: ${reason}\n`)
  return reason
}
