/** The SMTP server takes no mail now (4yz): try again later. */
export class SmtpBusy extends Error {
  override readonly name = 'SmtpBusy'
}

/** The SMTP server refuses this mail for good (5yz): a name for `nonRetryableErrorTypes`. */
export class SmtpRejected extends Error {
  override readonly name = 'SmtpRejected'
}

/** No SMTP server answers, or it went away before it had the whole mail: nothing was accepted. */
export class SmtpUnavailable extends Error {
  override readonly name = 'SmtpUnavailable'
}

/**
 * The whole mail was sent and no answer came. Whether the server accepted it nobody here can know (RFC 5321, 6.1): another attempt
 * may send it a second time, under the same Message-ID.
 */
export class SmtpUnanswered extends Error {
  override readonly name = 'SmtpUnanswered'
}

/** How a mail failed. */
export type SmtpFailure = SmtpBusy | SmtpRejected | SmtpUnavailable | SmtpUnanswered

/**
 * What nodemailer says of a failure: the server's reply code (RFC 5321, 4.2), else that there was none. `wasSent`: the mail had gone
 * out to its last byte.
 */
export function smtpError(cause: unknown, wasSent: boolean): SmtpFailure {
  const { responseCode, message = String(cause) } = (cause ?? {}) as { responseCode?: number; message?: string }
  if (responseCode === undefined) {
    return wasSent
      ? new SmtpUnanswered(
          `the SMTP server had the whole mail and did not answer, so it may have taken it: ${message}`,
          { cause },
        )
      : new SmtpUnavailable(`the SMTP server does not answer: ${message}`, { cause })
  }
  if (responseCode >= 500) return new SmtpRejected(`the SMTP server refused the mail: ${message}`, { cause })
  return new SmtpBusy(`the SMTP server asks to come back later: ${message}`, { cause })
}
