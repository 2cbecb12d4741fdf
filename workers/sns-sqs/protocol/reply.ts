/** What goes back over HTTP. `text` is the whole body. */
export interface Reply {
  status: number
  contentType: string
  text: string
  headers?: Record<string, string>
  /** That which the text names; a new one where it names none. */
  requestId?: string
}
