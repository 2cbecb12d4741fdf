export interface TestResult {
  passed: number
  failed: number
  skipped: number
  failures: { file?: string; name?: string; error?: string }[]
}
/** `code`: exit code of the run that wrote the report. */
export function vitestResult(file: string, code: number): TestResult
export function playwrightResult(file: string, code: number): TestResult
export function printFailures(failures: TestResult['failures']): void
