/** What goes back over HTTP. `text` is the whole body. */
export interface Reply {
  status: number
  contentType: string
  text: string
  /** `text` is known to be ASCII, so that it has as many bytes as characters. */
  ascii?: boolean
  headers?: Record<string, string>
  /** That which the text names; a new one where it names none. */
  requestId?: string
}
