import type { FlowFigures } from '#contracts/api/flow.ts'
import type { FlowDeclaration } from '#contracts/lab-declaration.ts'

/** A declaration as it was when flows of it began, and what became of them. */
export interface FlowKind {
  readonly declaration: FlowDeclaration
  started: number
  /** By the place of the first end in `ends`. */
  readonly ended: number[]
  open: number
  overdue: number
  conflicting: number
}

/** Every declaration that had flows. One that changes is another kind: flows keep what was declared when they began. */
export class FlowKinds {
  readonly #kinds: FlowKind[] = []
  #declared: readonly FlowDeclaration[] = []
  #byStart = new Map<string, number>()

  get declared(): readonly FlowDeclaration[] {
    return this.#declared
  }

  /** The declarations of now. Of two that start alike, the first one counts. */
  declare(declared: readonly FlowDeclaration[]): void {
    this.#declared = declared
    this.#byStart = new Map()
    for (const declaration of declared) {
      if (this.#byStart.has(declaration.starts)) continue
      const text = JSON.stringify(declaration)
      let number = this.#kinds.findIndex((kind) => JSON.stringify(kind.declaration) === text)
      if (number < 0) number = this.#kinds.push(kindOf(declaration)) - 1
      this.#byStart.set(declaration.starts, number)
    }
  }

  /** The number of the kind that an event of this type begins; undefined if it begins none. */
  startedBy(type: string): number | undefined {
    return this.#byStart.get(type)
  }

  /** Throws if there is none of that number. */
  at(number: number): FlowKind {
    const kind = this.#kinds[number]
    if (!kind) throw new Error(`there is no flow declaration ${number}`)
    return kind
  }

  all(): readonly FlowKind[] {
    return this.#kinds
  }

  /** Numbers a flow of this name, from 1. To be called after it was counted as started. */
  numberOf(name: string): number {
    return this.#kinds.reduce((sum, { declaration, started }) => sum + (declaration.name === name ? started : 0), 0)
  }

  /** By name: declared ones first, as they were declared, then those that are declared no more and had flows. */
  figures(): FlowFigures[] {
    const byName = new Map<string, FlowFigures>()
    const of = (flow: string): FlowFigures => {
      const known = byName.get(flow) ?? { flow, started: 0, open: 0, ended: 0, endedBy: {}, overdue: 0, conflicting: 0 }
      byName.set(flow, known)
      return known
    }
    for (const { name, ends } of this.#declared) for (const end of ends) of(name).endedBy[end] = 0
    for (const { declaration, started, ended, open, overdue, conflicting } of this.#kinds) {
      if (started === 0) continue
      const figures = of(declaration.name)
      figures.started += started
      figures.open += open
      figures.overdue += overdue
      figures.conflicting += conflicting
      for (const [end, count] of ended.entries()) {
        const type = declaration.ends[end] ?? ''
        figures.ended += count
        figures.endedBy[type] = (figures.endedBy[type] ?? 0) + count
      }
    }
    return [...byName.values()]
  }

  state(): FlowKind[] {
    return this.#kinds.map((kind) => ({ ...kind, ended: [...kind.ended] }))
  }

  restore(kinds: readonly FlowKind[]): void {
    this.#kinds.push(...kinds)
    this.declare(this.#declared)
  }
}

const kindOf = (declaration: FlowDeclaration): FlowKind => ({
  ...{ declaration, started: 0, open: 0, overdue: 0, conflicting: 0 },
  ended: declaration.ends.map(() => 0),
})
