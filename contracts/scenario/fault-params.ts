import type { z } from 'zod'
import type { FaultDefinition } from '../faults/define-fault.ts'
import { nameRemedy } from '../yaml-document/closest-name.ts'
import { durationInWords, durationMs } from './values.ts'

/** The names of a fault's params in a file: `restartAfter` for `restartAfterMs`, whose values are durations. */
export const paramNames = (definition: FaultDefinition): string[] => Object.keys(definition.params.shape).map(inFile)

const inFile = (param: string): string => param.replace(/Ms$/, '')

export interface ParamProblem {
  param: string
  cause: string
  remedy: string
  at: 'key' | 'value'
}

/** The params of a fault as the API takes them, and what is wrong with them; defaults are not filled in. */
export function readParams(
  definition: FaultDefinition,
  given: Readonly<Record<string, unknown>>,
): { params: Record<string, unknown>; problems: ParamProblem[] } {
  const params: Record<string, unknown> = {}
  const problems: ParamProblem[] = []
  for (const [param, value] of Object.entries(given)) {
    const own = Object.keys(definition.params.shape).find((known) => inFile(known) === param)
    if (own === undefined) {
      const cause = `${definition.type} has no param "${param}"`
      problems.push({ param, cause, remedy: nameRemedy(param, paramNames(definition)), at: 'key' })
      continue
    }
    if (!own.endsWith('Ms')) {
      params[own] = value
      continue
    }
    const ms = typeof value === 'string' ? durationMs(value) : undefined
    if (ms === undefined)
      problems.push({ param, cause: `${JSON.stringify(value)} is not a duration`, remedy: 'write 3s', at: 'value' })
    else params[own] = ms
  }
  const checked = definition.params.safeParse(params)
  for (const issue of checked.error?.issues ?? []) {
    const own = String(issue.path[0] ?? '')
    problems.push({ param: inFile(own), ...inWords(issue, own), at: 'value' })
  }
  return { params, problems }
}

function inWords(issue: z.core.$ZodIssue, param: string): { cause: string; remedy: string } {
  const of = (limit: number | bigint): string => (param.endsWith('Ms') ? durationInWords(Number(limit)) : String(limit))
  if (issue.code === 'too_small') return { cause: 'it is too small', remedy: `write at least ${of(issue.minimum)}` }
  if (issue.code === 'too_big') return { cause: 'it is too large', remedy: `write at most ${of(issue.maximum)}` }
  if (issue.code === 'invalid_value')
    return { cause: 'it is not known here', remedy: `write one of ${issue.values.map(String).join(', ')}` }
  return { cause: issue.message.replace(/^Invalid input: /, ''), remedy: '' }
}
