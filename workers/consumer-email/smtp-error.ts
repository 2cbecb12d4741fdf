/** The SMTP server takes no mail now (4yz): try again later. */
export class SmtpBusy extends Error {
  override readonly name = 'SmtpBusy'
}

/** The SMTP server refuses this mail for good (5yz): a name for `nonRetryableErrorTypes`. */
export class SmtpRejected extends Error {
  override readonly name = 'SmtpRejected'
}

/** No SMTP server answers, or it went away in between. */
export class SmtpUnavailable extends Error {
  override readonly name = 'SmtpUnavailable'
}

/** What nodemailer says of a failure: the server's reply code (RFC 5321, 4.2), else that there was none. */
export function smtpError(cause: unknown): SmtpBusy | SmtpRejected | SmtpUnavailable {
  const { responseCode, message = String(cause) } = (cause ?? {}) as { responseCode?: number; message?: string }
  if (responseCode === undefined) return new SmtpUnavailable(`the SMTP server does not answer: ${message}`, { cause })
  if (responseCode >= 500) return new SmtpRejected(`the SMTP server refused the mail: ${message}`, { cause })
  return new SmtpBusy(`the SMTP server asks to come back later: ${message}`, { cause })
}
