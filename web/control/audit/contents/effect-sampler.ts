import type { EffectSample } from '#contracts/api/ledger.ts'
import { sampleLimit } from '#contracts/api/ledger.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { ContentReader } from './content-reader.ts'

/** Messages of each group that are looked up in a second at most. */
const perSecond = 20
/** An effect is looked for so long after it was reported, and once more so long after it was not found, in milliseconds. */
const firstLookMs = 1_000
const secondLookMs = 2_000
const lookEveryMs = 500

export interface SamplerSources {
  consumers: () => readonly ConsumerDeclaration[]
  reader: Pick<ContentReader, 'present'>
  /** Enters that an effect that was reported is not there. Throws if the disk does not take it; then it is called again later. */
  missing(id: string, group: string): void
  now(): number
  /** Uniform in [0, 1): chooses among more than can be looked up. */
  random(): number
}

export interface EffectSampler {
  /** What workers report, as it is taken. */
  take(records: readonly TelemetryRecord[]): void
  /** Looks for those that are due. Never rejects: a store that does not answer is asked again. */
  look(): Promise<void>
  /** What came of it since this process began. */
  list(): EffectSample[]
  start(): void
  stop(): Promise<void>
}

interface Wanted {
  id: string
  dueAt: number
  isSecond: boolean
}

/**
 * Looks a share of delivered messages up in the effect store while the lab runs. A message is CHOSEN from those of its second, FOUND at
 * the first or second look, or MISSING after both: what was reported and is not there a while after that was never made.
 */
export function createEffectSampler({ consumers, reader, missing, now, random }: SamplerSources): EffectSampler {
  const groups = new Map<string, Group>()
  const groupOf = (name: string): Group | undefined => {
    const known = groups.get(name)
    const kind = known === undefined ? consumers().find((one) => one.name === name)?.effect?.kind : undefined
    if (kind === undefined) return known
    const group = newGroup(name, kind)
    groups.set(name, group)
    return group
  }
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  function choose(group: Group): void {
    for (const id of group.second) group.wanted.push({ id, dueAt: now() + firstLookMs, isSecond: false })
    group.second = []
    group.deliveredSince = 0
  }

  async function lookIn(group: Group): Promise<void> {
    if (now() - group.since >= 1_000) {
      group.since = now()
      choose(group)
    }
    const due = group.wanted.filter(({ dueAt }) => dueAt <= now())
    if (due.length === 0) return
    const present = await reader
      .present(
        group.kind,
        group.name,
        due.map(({ id }) => id),
      )
      .catch(() => undefined)
    // Nobody knows; they are asked for again, as many as a few seconds bring.
    if (!present) {
      group.wanted = group.wanted.slice(-10 * perSecond)
      return
    }
    group.wanted = group.wanted.filter((one) => !due.includes(one))
    for (const { id, isSecond } of due) {
      if (!present.has(id) && !isSecond) {
        group.wanted.push({ id, dueAt: now() + secondLookMs, isSecond: true })
        continue
      }
      group.looked += 1
      if (present.has(id)) continue
      group.missing += 1
      if (group.samples.length < sampleLimit) group.samples.push(id)
      missing(id, group.name)
    }
  }

  const look = async (): Promise<void> => {
    for (const group of groups.values()) await lookIn(group)
  }

  return {
    take(records) {
      for (const record of records) {
        const group = record.kind === 'delivery.ended' ? groupOf(record.group) : undefined
        if (record.kind !== 'delivery.ended' || !group) continue
        for (const { id, outcome, effect } of record.deliveries) {
          if (outcome !== 'ok' || !effect) continue
          group.delivered += 1
          group.deliveredSince += 1
          if (group.second.length < perSecond) group.second.push(id)
          // Each of a second has the same chance, however many there are.
          else if (random() < perSecond / group.deliveredSince) group.second[Math.floor(random() * perSecond)] = id
        }
      }
    },
    look,
    list: () =>
      [...groups.values()].map(({ name, delivered, looked, missing: lost, samples }) => {
        return { group: name, delivered, looked, missing: lost, samples: [...samples] }
      }),
    start() {
      let isUnderWay = false
      timer = setInterval(() => {
        if (isUnderWay) return
        isUnderWay = true
        // A disk that takes nothing is reported by the intake.
        looking = look()
          .catch(() => undefined)
          .finally(() => {
            isUnderWay = false
          })
      }, lookEveryMs).unref()
    },
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}

type Group = ReturnType<typeof newGroup>

const newGroup = (name: string, kind: 'row' | 'email') => ({
  ...{ name, kind },
  ...{ delivered: 0, looked: 0, missing: 0, samples: [] as string[] },
  /** Chosen from those that were reported since `since`, and how many those are. */
  ...{ second: [] as string[], deliveredSince: 0, since: 0 },
  wanted: [] as Wanted[],
})
