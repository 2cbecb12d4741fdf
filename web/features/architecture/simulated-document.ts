import { exactOr } from '#contracts/events/exact-json.ts'
import { keepsNumbers } from '#contracts/events/exact-numbers.ts'
import { asMap, written } from './lab-document.ts'
import { deleteIn, setIn, sizeIn } from './yaml-edit.ts'

/** A simulated service as the form shows it. Texts are as in the file; undefined if it says nothing. */
export interface DraftSimulation {
  /** How the time of its work is given. */
  work: 'spread' | 'fixed'
  p50: string | undefined
  p99: string | undefined
  fixed: string | undefined
  /** Share of the attempts that fail, and the type of their error. */
  fails: string | undefined
  error: string | undefined
  /** By event type. */
  sends: Record<string, DraftSend>
  processes: string | undefined
  seed: string | undefined
}

export interface DraftSend {
  chance: string | undefined
  delay: string | undefined
  /** The template of the data as JSON, or the text in its place. */
  data: string | undefined
}

/** What is under `simulate` in the file, as far as it can be read. */
export function simulationOf(simulate: Record<string, unknown>): DraftSimulation {
  const work = asMap(simulate.work) ?? {}
  const fails = asMap(simulate.fails)
  return {
    work: work.fixed === undefined && (work.p50 !== undefined || work.p99 !== undefined) ? 'spread' : 'fixed',
    ...{ p50: written(work.p50), p99: written(work.p99), fixed: written(work.fixed) },
    fails: written(fails === undefined ? simulate.fails : fails.share),
    error: written(fails?.error),
    sends: Object.fromEntries(
      Object.entries(asMap(simulate.sends) ?? {}).map(([type, send]) => {
        const { chance, delay, data } = asMap(send) ?? {}
        return [type, { chance: written(chance), delay: written(delay), data: jsonOr(data) }]
      }),
    ),
    ...{ processes: written(simulate.processes), seed: written(simulate.seed) },
  }
}

const jsonOr = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value)

/** The share that fails, and the type of its error if it is not the default one, as the file has them. */
export function failsOf(share: string | undefined, error: string | undefined): unknown {
  if (error === undefined || error === '') return share === '' ? undefined : share
  return { share: share ?? '', error }
}

/** What is wrong with a template of data that is JSON: a lab file is read with numbers as JavaScript has them. */
export const lostDigitsIn = (text: string | undefined): string | undefined =>
  text === undefined || keepsNumbers(text) || exactOr(text, undefined) === undefined
    ? undefined
    : 'has a number of more digits than a lab file keeps: write it in quotes'

/**
 * What was typed as the template of data: JSON, or else the text, for which the checks of the file say what is wrong. JSON with a number
 * that the file would change is left as text too, and `lostDigitsIn` says so.
 */
export function templateDataOf(text: string): unknown {
  if (text === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return keepsNumbers(text) ? value : text
  } catch {
    return text
  }
}

/**
 * The text with a value at a path below `simulate` of a service, its other values and comments as they were; maps on the way that are
 * missing are made, and those that are left without an entry go. Undefined takes the value away.
 */
export function changeSimulation(text: string, service: string, path: readonly string[], value: unknown): string {
  const root = ['services', service, 'simulate']
  if (sizeIn(text, root) === undefined) return text
  if (value === undefined) return deleteDeep(text, root, path)
  const there = path.findLastIndex((_, at) => sizeIn(text, [...root, ...path.slice(0, at)]) !== undefined)
  const nested = path.slice(there + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
  return setIn(text, [...root, ...path.slice(0, there)], path[there] ?? '', nested)
}

function deleteDeep(text: string, root: readonly string[], path: readonly string[]): string {
  const parent = [...root, ...path.slice(0, -1)]
  const without = deleteIn(text, parent, path.at(-1) ?? '')
  return path.length > 1 && sizeIn(without, parent) === 0 ? deleteDeep(without, root, path.slice(0, -1)) : without
}
