import type { FlowDeclaration } from '#contracts/lab-declaration.ts'
import { encodeEntry, entryKind } from './entry-format.ts'

/**
 * Which flows are declared. As with who is owed an event, the answer is written into each segment of the journal before the first frame
 * that needs it, so that reading the journal later gives the same flows. A lab that never declared any has nothing written.
 */
export class DeclaredFlows {
  #written: string | undefined
  #wereAny = false

  /** The entry that has to be written first, if it is news in this segment. */
  update(flows: readonly FlowDeclaration[]): Buffer | undefined {
    if (flows.length > 0) this.#wereAny = true
    if (!this.#wereAny) return undefined
    const text = JSON.stringify(flows)
    if (text === this.#written) return undefined
    this.#written = text
    return encodeEntry(entryKind.flows, { flows })
  }

  /** Such an entry was read: from now on an empty list has to be written too. */
  wereRead(): void {
    this.#wereAny = true
  }

  /** A new segment has begun, or what was answered could not be written. */
  forgetWritten(): void {
    this.#written = undefined
  }
}
