import { formatIdentity } from '#contracts/events/identity.ts'

/** A place in the dense sequence of a topic, and the identity that it makes. */
export interface Numbered {
  seq: number
  id: string
}

/** Numbers messages densely from 1 per topic, within one epoch of one producer. */
export function createSequencer(producer: string, epoch: number): (topic: string) => Numbered {
  const last = new Map<string, number>()
  return (topic) => {
    const seq = (last.get(topic) ?? 0) + 1
    last.set(topic, seq)
    return { seq, id: formatIdentity({ producer, epoch, topic, seq }) }
  }
}
