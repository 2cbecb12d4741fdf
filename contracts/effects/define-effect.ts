/** What a consumer can do in the world, and everything that is known of it outside the consumer. */
export interface EffectDefinition<Kind extends string = string, Variable extends string = string> {
  /** `row`; what the lab file, telemetry and the ledger call it. */
  readonly kind: Kind
  /** Part of the lab in which it is made, and by whose health its node is drawn. */
  readonly part: 'database' | 'mailbox'
  /** Far end of its link: `consumer-db->database`. */
  readonly link: string
  /** Variable with the URL of where it is made. */
  readonly variable: Variable
  /** Ports that its clients assume where a URL names none, by protocol. */
  readonly defaultPorts: Readonly<Record<string, number>>
  readonly words: {
    /** What it speaks or is kept in: `PostgreSQL`. */
    readonly about: string
    /** One of it and several: `mail`, `mails`. */
    readonly one: string
    readonly many: string
    /** That it was made: `row written`. */
    readonly made: string
  }
}

/** Declares an effect. Throws if its link has the name of another. */
export function defineEffect<const Kind extends string, const Variable extends string>(
  definition: EffectDefinition<Kind, Variable>,
): EffectDefinition<Kind, Variable> {
  if (!/^[a-z][a-z0-9-]*$/.test(definition.link) || definition.link === 'broker')
    throw new Error(`${definition.kind} cannot have a link with the name "${definition.link}"`)
  return definition
}
