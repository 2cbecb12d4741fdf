import { text } from '../environment.ts'
import { type EffectKind, effectOf } from './effect-kind.ts'
import { effects } from './effect-list.ts'

type Variable = (typeof effects)[number]['variable']

/** Variables that say where effects are made: spread into the environment schema of a process. */
export const effectEnvironment = Object.fromEntries(effects.map(({ variable }) => [variable, text])) as Record<
  Variable,
  typeof text
>

/** Where a worker's effects are made, by the variable that says so. */
export type EffectUrls = Partial<Record<Variable, string>>

/** The addresses that an effect needs; all that are known where no effect is declared. Only these are given to a worker. */
export function effectUrlsOf(
  env: { [Name in Variable]?: string | undefined },
  kind: EffectKind | undefined,
): EffectUrls {
  const wanted: string[] = kind === undefined ? effects.map(({ variable }) => variable) : [effectOf(kind).variable]
  return Object.fromEntries(Object.entries(env).filter(([name, url]) => wanted.includes(name) && url !== undefined))
}
