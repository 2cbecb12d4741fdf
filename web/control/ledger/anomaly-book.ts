import { type Anomaly, type AnomalyName, anomalies, anomalyNames, sampleLimit } from '#contracts/api/ledger.ts'
import { type Promising, promisesSingle } from '#contracts/lab.ts'

interface Page {
  count: number
  failing: number
  samples: string[]
  groups: Map<string, number>
  samplesByGroup: Map<string, string[]>
  /** Epoch milliseconds. */
  since: number
}

export type AnomalyState = [
  name: AnomalyName,
  Omit<Page, 'groups' | 'samplesByGroup'> & {
    groups: [string, number][]
    /** Absent in checkpoints from before they were kept. */
    samplesByGroup?: [string, string[]][]
  },
][]

/** What was found wrong, or worth counting: how often, with the first ids of each kind. */
export class AnomalyBook {
  readonly #pages = new Map<AnomalyName, Page>()
  readonly #consumerOf: (group: string) => Promising | undefined

  /** `consumerOf`: who promises what; undefined for a group that the lab does not have. */
  constructor(consumerOf: (group: string) => Promising | undefined) {
    this.#consumerOf = consumerOf
  }

  /** Notes one. `at` is epoch milliseconds. */
  raise(name: AnomalyName, id: string, at: number, group?: string): void {
    let page = this.#pages.get(name)
    if (!page) {
      page = { count: 0, failing: 0, samples: [], groups: new Map(), samplesByGroup: new Map(), since: at }
      this.#pages.set(name, page)
    }
    page.count += 1
    if (this.#fails(name, group)) page.failing += 1
    keep(page.samples, id)
    if (group === undefined) return
    page.groups.set(group, (page.groups.get(group) ?? 0) + 1)
    const ofGroup = page.samplesByGroup.get(group) ?? []
    page.samplesByGroup.set(group, ofGroup)
    keep(ofGroup, id)
  }

  /** Takes one back: it was explained after all. */
  retract(name: AnomalyName, id: string, group?: string): void {
    const page = this.#pages.get(name)
    if (!page) return
    page.count -= 1
    if (page.count <= 0) {
      this.#pages.delete(name)
      return
    }
    if (this.#fails(name, group)) page.failing -= 1
    page.samples = page.samples.filter((sample) => sample !== id)
    if (group === undefined) return
    page.groups.set(group, (page.groups.get(group) ?? 0) - 1)
    page.samplesByGroup.set(
      group,
      (page.samplesByGroup.get(group) ?? []).filter((sample) => sample !== id),
    )
  }

  /** The first ids of one. */
  samplesOf(name: AnomalyName): readonly string[] {
    return this.#pages.get(name)?.samples ?? []
  }

  count(name: AnomalyName): number {
    return this.#pages.get(name)?.count ?? 0
  }

  /** Anomalies that break at-least-once. */
  get failing(): { name: AnomalyName; count: number }[] {
    return anomalyNames.flatMap((name) => {
      const count = this.#pages.get(name)?.failing ?? 0
      return count > 0 ? [{ name, count }] : []
    })
  }

  list(): Anomaly[] {
    return anomalyNames.flatMap((name) => {
      const page = this.#pages.get(name)
      if (!page) return []
      const { count, failing, samples, groups, samplesByGroup, since } = page
      return [
        {
          ...{ name, meaning: anomalies[name].meaning, count, failing, samples: [...samples] },
          groups: Object.fromEntries([...groups].filter(([, found]) => found > 0)),
          samplesByGroup: Object.fromEntries([...samplesByGroup].filter(([, found]) => found.length > 0)),
          since: new Date(since).toISOString(),
        },
      ]
    })
  }

  state(): AnomalyState {
    return [...this.#pages].map(([name, page]) => [
      name,
      {
        ...page,
        samples: [...page.samples],
        groups: [...page.groups],
        samplesByGroup: [...page.samplesByGroup].map(([group, samples]) => [group, [...samples]]),
      },
    ])
  }

  restore(state: AnomalyState): void {
    for (const [name, { groups, samplesByGroup = [], ...page }] of state) {
      this.#pages.set(name, { ...page, groups: new Map(groups), samplesByGroup: new Map(samplesByGroup) })
    }
  }

  #fails(name: AnomalyName, group: string | undefined): boolean {
    const { weight } = anomalies[name]
    if (weight !== 'by promise') return weight === 'fail'
    const consumer = group === undefined ? undefined : this.#consumerOf(group)
    return consumer !== undefined && promisesSingle(consumer, name === 'duplicate_emission' ? 'emission' : 'effect')
  }
}

function keep(samples: string[], id: string): void {
  if (samples.length < sampleLimit && !samples.includes(id)) samples.push(id)
}
