import { type ConsumerDeclaration, consumersIn } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'

/** Holds the lab that is declared now. Whoever needs it asks each time, or is told when it changes. */
export interface LabHolder {
  /** The same value until the lab changes. */
  declaration(): LabDeclaration
  /** Its services that receive; the same value until the lab changes. */
  consumers(): readonly ConsumerDeclaration[]
  /** From now on this is the lab. Listeners are told before it returns. */
  replace(next: LabDeclaration): void
  onChange(listener: (next: LabDeclaration, before: LabDeclaration) => void): void
}

export function createLabHolder(first: LabDeclaration): LabHolder {
  let declaration = first
  let consumers = consumersIn(first)
  const listeners: ((next: LabDeclaration, before: LabDeclaration) => void)[] = []
  return {
    declaration: () => declaration,
    consumers: () => consumers,
    replace(next) {
      const before = declaration
      declaration = next
      consumers = consumersIn(next)
      for (const listener of listeners) listener(next, before)
    },
    onChange: (listener) => void listeners.push(listener),
  }
}
