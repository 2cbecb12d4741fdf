import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { EmailTemplate, EventTypeDefinition, RowTable } from '#contracts/events/event-type.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const looksFile = z.record(
  z.string(),
  z.object({ look: z.string(), since: z.number(), schema: z.string(), version: z.int() }),
)

/** What the letters and rows of the events of a type look like, and since when, epoch milliseconds. */
export interface TypeLook {
  /** It has the letter and the row of every type that is not built in. */
  isGeneric: boolean
  template: EmailTemplate | undefined
  table?: RowTable | undefined
  /** 0 if it is not known that they ever looked otherwise. */
  since: number
}

/** How long a worker may take to follow a look that was announced to it, in milliseconds; a paused one hears of it later still. */
const takenWithinMs = 2_000

/**
 * Remembers since when the types of the lab file have the effects that they have, and which version each schema was, so that what was
 * made before is not compared with what the file says now.
 *
 * SETTLED → CHANGING (`changing`: some workers have the one look and some the other, and what they make is compared with neither) → SETTLED
 * (`announced`).
 */
export interface TypeLooks {
  /** By name, of types in the lab file. While a look is changing it counts since `Infinity`. */
  all(): ReadonlyMap<string, TypeLook>
  /** The versions that `take` would give. */
  versioned(types: readonly EventTypeDefinition[]): EventTypeDefinition[]
  /** Workers are about to hear of these types. Answers what takes that back if they do not. */
  changing(types: readonly EventTypeDefinition[]): () => void
  /**
   * Running workers have the present configuration, before or after the change: it counts from a moment after this. Rejects
   * where the data folder cannot be written; it counts all the same until a restart.
   */
  announced(): Promise<void>
  /**
   * Takes the types of a lab file and gives them with their versions: where the file has another schema under the same version, it counts
   * up. Rejects if the data folder cannot be written.
   */
  take(types: readonly EventTypeDefinition[]): Promise<EventTypeDefinition[]>
}

export async function openTypeLooks(path: string, now: () => number = Date.now): Promise<TypeLooks> {
  let kept = (await readStateFile(path, looksFile)) ?? {}
  let looks: ReadonlyMap<string, TypeLook> = new Map()
  const unsettled = new Set<string>()

  const dated = (types: readonly EventTypeDefinition[]) => {
    // Before there was a file, nothing is known of other looks.
    const otherwise = Object.keys(kept).length === 0 ? 0 : now()
    return types.map((type) => {
      const look = lookOf(type)
      const schema = createHash('sha256').update(JSON.stringify(type.schema)).digest('base64')
      const known = kept[type.name]
      const next = known === undefined ? 1 : known.schema === schema ? known.version : known.version + 1
      const version = Math.max(type.version, next)
      const since = known?.look === look ? known.since : otherwise
      return [
        { ...type, version },
        { look, since, schema, version },
      ] as const
    })
  }

  const changing = (types: readonly EventTypeDefinition[]): (() => void) => {
    const others = types.filter(({ name }) => kept[name] !== undefined && !unsettled.has(name))
    const added = others.filter((type) => kept[type.name]?.look !== lookOf(type)).map(({ name }) => name)
    for (const name of added) unsettled.add(name)
    return () => {
      for (const name of added) unsettled.delete(name)
    }
  }

  const announced = async (): Promise<void> => {
    if (unsettled.size === 0) return
    const since = now() + takenWithinMs
    const entries = Object.entries(kept)
    kept = Object.fromEntries(entries.map(([name, one]) => [name, unsettled.has(name) ? { ...one, since } : one]))
    looks = new Map([...looks].map(([name, look]) => [name, unsettled.has(name) ? { ...look, since } : look]))
    unsettled.clear()
    await writeStateFile(path, kept)
  }

  const take = async (types: readonly EventTypeDefinition[]): Promise<EventTypeDefinition[]> => {
    const entries = dated(types)
    const changed = { ...kept, ...Object.fromEntries(entries.map(([{ name }, entry]) => [name, entry])) }
    if (JSON.stringify(changed) !== JSON.stringify(kept)) await writeStateFile(path, changed)
    kept = changed
    looks = new Map(
      entries.map(([{ name, builtIn, email, table }, { since }]) => [
        name,
        { ...{ isGeneric: !builtIn, template: email, since }, ...(table === undefined ? {} : { table }) },
      ]),
    )
    return entries.map(([type]) => type)
  }
  const all = (): ReadonlyMap<string, TypeLook> =>
    new Map([...looks].map(([name, look]) => [name, unsettled.has(name) ? { ...look, since: Infinity } : look]))
  return { all, changing, announced, versioned: (types) => dated(types).map(([type]) => type), take }
}

/** A type without a table looks as it did before there were any. */
const lookOf = ({ builtIn, email, table }: EventTypeDefinition): string =>
  JSON.stringify([builtIn, email, ...(table === undefined ? [] : [table])])
