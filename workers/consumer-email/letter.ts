/** A mail before it is addressed to a server. */
export interface Letter {
  to: { name?: string; address: string }
  subject: string
  text: string
  html: string
}
