import { AwsError } from '../../protocol/aws-error.ts'
import type { FormNode } from '../../protocol/form.ts'
import { optionalText } from '../../protocol/sns-fields.ts'
import { isPhoneNumber } from '../../semantics/endpoints.ts'
import type { Publication } from '../../semantics/publication.ts'
import { recordKey } from '../../stores/declarations.ts'
import type { ActionServices } from '../action.ts'
import type { Platform, PlatformEndpoint } from './platforms.ts'
import { isOptedOut } from './sms.ts'
import { invalidParameter } from './sns-action.ts'

/** A message to a phone number or a device, which is recorded. It is read once its receiver is known to take it. */
export async function publishDirectly(
  input: FormNode,
  read: () => Publication,
  { store, deliveries }: ActionServices,
): Promise<{ MessageId: string }> {
  const phone = optionalText(input, 'PhoneNumber')
  const target = phone ?? optionalText(input, 'TargetArn') ?? optionalText(input, 'TopicArn') ?? ''
  const { records } = await store.declarations()
  if (phone !== undefined) {
    if (!isPhoneNumber(phone)) throw invalidParameter(`PhoneNumber Reason: ${phone} is not valid to publish to`)
    if (isOptedOut(records, phone))
      throw new AwsError('OptedOut', `The phone number ${phone} has opted out of messages.`)
  } else {
    const endpoint = records.get(recordKey('platform-endpoint', target))
    if (endpoint === undefined) {
      throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified')
    }
    const { attributes, application } = JSON.parse(endpoint.value) as PlatformEndpoint
    const platform = records.get(recordKey('platform-application', application))
    if (platform !== undefined && (JSON.parse(platform.value) as Platform).attributes.Enabled === 'false') {
      throw new AwsError('PlatformApplicationDisabled', 'Platform application is disabled')
    }
    if (attributes.Enabled === 'false') throw new AwsError('EndpointDisabled', 'Endpoint is disabled')
  }
  const publication = read()
  const protocol = phone === undefined ? 'application' : 'sms'
  deliveries.record({
    protocol,
    endpoint: target,
    topicArn: '',
    subscriptionArn: '',
    messageId: publication.messageId,
    type: 'Notification',
    ...(publication.subject === undefined ? {} : { subject: publication.subject }),
    message: publication.textFor(protocol),
  })
  return { MessageId: publication.messageId }
}
