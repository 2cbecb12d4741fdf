/** Legs that are remembered: the newest. */
const remembered = 10_000

/** Which publications a fault kept from which queue, so that it can be said of one of them. */
export class LostLegs {
  private readonly faults = new Map<string, string>()

  /** The fault that kept it away; undefined if none did, or it is too long ago. */
  faultOf(queue: string, messageId: string): string | undefined {
    return this.faults.get(`${queue} ${messageId}`)
  }

  add(queue: string, messageId: string, fault: string): void {
    this.faults.set(`${queue} ${messageId}`, fault)
    if (this.faults.size <= remembered) return
    for (const oldest of this.faults.keys()) {
      this.faults.delete(oldest)
      return
    }
  }
}
