import type { PlacedProblem } from '../code/file-problems.ts'

/** What the checks of the file say of a key of a service, or of something within it: `simulate.work`. Undefined if nothing is wrong. */
export function problemAt(problems: readonly PlacedProblem[], service: string, key: string): string | undefined {
  const place = `services.${service}.${key}`
  return problems.find(({ path }) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`))
    ?.message
}
