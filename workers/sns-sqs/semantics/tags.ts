import { AwsError } from '../protocol/aws-error.ts'

const maximumTags = 50

/** Refuses tags that AWS refuses: more than 50, keys beyond 128 characters or of AWS's own, values beyond 256. `name`: the queue's. */
export function checkTags(tags: Record<string, string>, service: 'SQS' | 'SNS', name = ''): void {
  const code = service === 'SQS' ? 'InvalidParameterValue' : 'InvalidParameter'
  const keys = Object.keys(tags)
  if (keys.length > maximumTags) {
    if (service === 'SNS')
      throw new AwsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded')
    throw new AwsError(code, `Too many tags added for queue ${name}.`)
  }
  for (const key of keys) {
    if (key.length < 1 || key.length > 128)
      throw new AwsError(code, 'Tag keys must be between 1 and 128 characters in length.')
    if (/^aws:/i.test(key)) throw new AwsError(code, 'Tag keys must not start with aws:.')
    if ((tags[key] ?? '').length > 256)
      throw new AwsError(code, 'Tag values must be between 0 and 256 characters in length.')
  }
}
