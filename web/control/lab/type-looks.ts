import { z } from 'zod'
import type { EmailTemplate, EventTypeDefinition } from '#contracts/events/event-type.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const looksFile = z.record(z.string(), z.object({ look: z.string(), since: z.number() }))

/** What the letters and rows of the events of a type look like, and since when, epoch milliseconds. */
export interface TypeLook {
  /** It has the letter and the row of every type that is not built in. */
  isGeneric: boolean
  template: EmailTemplate | undefined
  /** 0 where it is not known that they ever looked otherwise. */
  since: number
}

/**
 * Remembers since when the types of the lab file have the effects that they have, so that what was made before is not held against
 * what the file says now.
 */
export interface TypeLooks {
  /** By name, of types in the lab file. */
  all(): ReadonlyMap<string, TypeLook>
  /** To be called with the types of the lab whenever they may have changed. Rejects where the data folder cannot be written. */
  take(types: readonly EventTypeDefinition[]): Promise<void>
}

export async function openTypeLooks(
  path: string,
  types: readonly EventTypeDefinition[],
  now: () => number = Date.now,
): Promise<TypeLooks> {
  const stored = await readStateFile(path, looksFile)
  let kept = stored ?? {}
  let looks: ReadonlyMap<string, TypeLook> = new Map()

  const take = async (next: readonly EventTypeDefinition[], otherwise: number): Promise<void> => {
    const declared = next.filter(({ inLabFile }) => inLabFile)
    const dated = declared.map((type) => {
      const look = JSON.stringify([type.builtIn, type.email])
      const known = kept[type.name]
      return [type, { look, since: known?.look === look ? known.since : otherwise }] as const
    })
    const changed = { ...kept, ...Object.fromEntries(dated.map(([{ name }, entry]) => [name, entry])) }
    if (JSON.stringify(changed) !== JSON.stringify(kept)) await writeStateFile(path, changed)
    kept = changed
    looks = new Map(
      dated.map(([{ name, builtIn, email }, { since }]) => [name, { isGeneric: !builtIn, template: email, since }]),
    )
  }
  await take(types, stored === undefined ? 0 : now())
  return { all: () => looks, take: (next) => take(next, now()) }
}
