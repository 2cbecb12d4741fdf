/** The broker did not acknowledge an event that the handler sent: it may or may not be published. Another attempt sends all of them again. */
export class EmissionNotAcknowledged extends Error {
  override readonly name = 'EmissionNotAcknowledged'
}

/** The handler sent an event of a type that the lab does not have. */
export class UnknownEventType extends Error {
  override readonly name = 'UnknownEventType'
}

/** The handler sent an event whose data does not match its type, or that no broker takes. */
export class InvalidEmission extends Error {
  override readonly name = 'InvalidEmission'
}

/** The event would be one more from cause to effect than the lab allows: events that cause one another without an end. */
export class HopLimitReached extends Error {
  override readonly name = 'HopLimitReached'
}

/** The handler run that the event names as its cause has ended: by its answer, its deadline or a shutdown. */
export class AttemptOver extends Error {
  override readonly name = 'AttemptOver'
}

/** The worker stops and publishes no more. */
export class WorkerStopping extends Error {
  override readonly name = 'WorkerStopping'
}
