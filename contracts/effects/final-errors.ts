/**
 * Errors with which the lab's consumers say that no attempt will change them: the event asks for what cannot be done. They are the default
 * of `nonRetryableErrorTypes`, so such a message goes to the dead-letter queue at once.
 */
export const finalErrorTypes: readonly string[] = [
  // Any consumer that publishes: an event whose type the lab does not have, or whose data is not what its type says.
  'UnknownEventType',
  'InvalidEmission',
  // consumer-email: an address that no server accepts, a letter beyond its bounds, a server that refuses for good (5yz).
  'InvalidRecipient',
  'LetterTooLarge',
  'SmtpRejected',
  // consumer-db: data that is not what its type says, that PostgreSQL cannot hold, or that breaks a constraint.
  'InvalidEventData',
  'UnstorableText',
  'DatabaseRefused',
]
