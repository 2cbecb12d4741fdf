import { AwsError } from '../protocol/aws-error.ts'

/**
 * Refuses text that SQS refuses: anything outside #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const checkMessageText = (text: string): void => checkText(text, 'InvalidMessageContents', 'the message body')

/** Any unit but those that need no second look. The engine searches for it faster than a loop does. */
const unusual = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/

/** The same of any text; `code` is what the error is called, `where` where the character was found. */
export function checkText(text: string, code: string, where: string): void {
  for (let index = text.search(unusual); index !== -1 && index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0x20 && unit < 0xd800) continue
    if (unit === 0x9 || unit === 0xa || unit === 0xd || (unit >= 0xe000 && unit < 0xfffe)) continue
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(index + 1)
      if (next >= 0xdc00 && next < 0xe000) {
        index++
        continue
      }
    }
    throw new AwsError(
      code,
      `Invalid binary character '#x${unit.toString(16).toUpperCase()}' was found in ${where}, the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]`,
    )
  }
}
