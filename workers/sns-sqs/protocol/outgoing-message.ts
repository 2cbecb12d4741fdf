/** One message of an answer. Attributes stay JSON text: they were checked when they came and are passed on as they are. */
export interface OutgoingMessage {
  messageId: string
  receiptHandle: string
  body: string
  /** The body is known to be ASCII that JSON does not escape. */
  plain: boolean
  md5OfBody: string
  systemAttributes: Record<string, string> | undefined
  /** JSON text of the attribute map; empty if none was asked for or there is none. */
  attributes: string
  md5OfAttributes: string
}
