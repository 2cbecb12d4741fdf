/** A mail before it is addressed to a server. */
export interface Letter {
  to: { name?: string; address: string }
  /** Goes out as `oneLine` makes it. */
  subject: string
  text: string
  html: string
}
