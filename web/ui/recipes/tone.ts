/** A status colour; it is only ever used for status. */
export type Tone = 'delivered' | 'retried' | 'in-flight' | 'retrying' | 'dead' | 'lost' | 'fault' | 'idle'

/** The class that gives an element and what is in it a tone: `text-tone`, `bg-tone-bg` and so on then have its colours. */
export const toneClass: Record<Tone, string> = {
  delivered: 'tone-delivered',
  retried: 'tone-retried',
  'in-flight': 'tone-in-flight',
  retrying: 'tone-retrying',
  dead: 'tone-dead',
  lost: 'tone-lost',
  fault: 'tone-fault',
  idle: 'tone-idle',
}
