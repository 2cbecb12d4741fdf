/** Bench to receiver: begin a burst of `count` orders, or only tell the figures. Answered with them, one answer for each. */
export interface AskReceiver {
  count?: number
}

export interface ReceiverFigures {
  /** Services whose replicas are all up. */
  up: number
  /** Telemetry frames that were taken. */
  frames: number
  /** Frames that the sidecars said to have still. */
  onTheWay: number
}
