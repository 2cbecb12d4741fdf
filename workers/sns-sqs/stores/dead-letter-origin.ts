/** Where a dead letter comes from, and how often it was received there and before. Of any other message: the empty text and 0. */
export interface DeadLetterOrigin {
  /** ARN of the queue that gave it up. */
  deadLetterSource: string
  receivedElsewhere: number
}

/** As one text, in which both are kept: the ARN, and behind a blank the count if it is not 0. */
export const originText = ({ deadLetterSource, receivedElsewhere }: DeadLetterOrigin): string =>
  receivedElsewhere === 0 ? deadLetterSource : `${deadLetterSource} ${receivedElsewhere}`

export function originOf(text: string): DeadLetterOrigin {
  const blank = text.indexOf(' ')
  if (blank === -1) return { deadLetterSource: text, receivedElsewhere: 0 }
  return { deadLetterSource: text.slice(0, blank), receivedElsewhere: Number(text.slice(blank + 1)) }
}
