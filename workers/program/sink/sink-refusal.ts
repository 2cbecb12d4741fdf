/** Why an event that a program wanted to publish was not, as a status of HTTP. */
export class SinkRefusal extends Error {
  override readonly name = 'SinkRefusal'
  readonly status: number
  /** After how many seconds another try makes sense. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, message: string, retryAfterSeconds?: number) {
    super(message)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}
