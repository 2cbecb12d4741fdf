import { z } from 'zod'
import type { EffectDefinition } from './define-effect.ts'
import { effects } from './effect-list.ts'

/** What a consumer does in the world: the kinds of `effects`. */
export type EffectKind = (typeof effects)[number]['kind']
const [first, ...others] = effects
export const effectKind = z.enum([first.kind, ...others.map(({ kind }) => kind)])

const byKind = Object.fromEntries(effects.map((effect) => [effect.kind, effect])) as Record<
  EffectKind,
  (typeof effects)[number]
>

/** What is known of an effect. */
export const effectOf = (kind: EffectKind): EffectDefinition<EffectKind> => byKind[kind]
