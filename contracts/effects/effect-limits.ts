/** Levels of nesting of an event's data that consumers make rows and letters of. Data that goes deeper is refused. */
export const deepestData = 1_000

/** Bytes of UTF-8 that each part of a letter may have once the event's values are in it. A letter that would have more is refused. */
export const letterPartBytes = { subject: 4_096, text: 262_144, html: 524_288 } as const
export type LetterPart = keyof typeof letterPartBytes
