import {
  AddPermissionCommand,
  CheckIfPhoneNumberIsOptedOutCommand,
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  GetSMSAttributesCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishCommand,
  PutDataProtectionPolicyCommand,
  RemovePermissionCommand,
  SetSMSAttributesCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns'
import { expect, test } from 'vitest'
import type { SnsBench } from './sns-bench.contract.ts'

/** What is set, listed and refused: S37 to S39. */
export function snsSettingRules(bench: SnsBench): void {
  const { newTopic, subscribe, deliveries } = bench

  test('S37 platform applications, endpoints and text message settings', async () => {
    const { PlatformApplicationArn } = await bench.simulator.sns.send(
      new CreatePlatformApplicationCommand({
        Name: 'app',
        Platform: 'GCM',
        Attributes: { PlatformCredential: 'secret' },
      }),
    )
    const make = () =>
      bench.simulator.sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'device' }))
    const { EndpointArn } = await make()
    expect((await make()).EndpointArn).toBe(EndpointArn)
    await bench.simulator.sns.send(new PublishCommand({ TargetArn: EndpointArn, Message: 'ping' }))
    expect((await deliveries())[0]).toMatchObject({ protocol: 'application', endpoint: EndpointArn, message: 'ping' })
    await bench.simulator.sns.send(new SetSMSAttributesCommand({ attributes: { DefaultSMSType: 'Transactional' } }))
    const { attributes } = await bench.simulator.sns.send(
      new GetSMSAttributesCommand({ attributes: ['DefaultSMSType'] }),
    )
    expect(attributes).toEqual({ DefaultSMSType: 'Transactional' })
    const phoneNumber = '+15551230000'
    await fetch(`${bench.simulator.url}/_faultline/sns/opted-out`, {
      method: 'POST',
      body: JSON.stringify({ phoneNumber }),
    })
    expect((await bench.simulator.sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }))).isOptedOut).toBe(
      true,
    )
    await expect(
      bench.simulator.sns.send(new PublishCommand({ PhoneNumber: phoneNumber, Message: 'x' })),
    ).rejects.toMatchObject({ name: 'OptedOutException' })
  })

  test('S38 topics: attributes, tags, permissions, pages; data protection is refused', async () => {
    const topic = await newTopic('t', { DisplayName: 'T' })
    expect(await newTopic('t')).toBe(topic)
    await expect(newTopic('t', { DisplayName: 'other' })).rejects.toMatchObject({
      message: expect.stringContaining('different attributes'),
    })
    const attributes = async () =>
      (await bench.simulator.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }))).Attributes ?? {}
    expect(await attributes()).toMatchObject({ DisplayName: 'T', Owner: '123456789012', SubscriptionsConfirmed: '0' })
    expect(
      JSON.parse((await attributes()).EffectiveDeliveryPolicy ?? '{}').http.defaultHealthyRetryPolicy.numRetries,
    ).toBe(3)
    const set = (AttributeName: string, AttributeValue: string) =>
      bench.simulator.sns.send(new SetTopicAttributesCommand({ TopicArn: topic, AttributeName, AttributeValue }))
    await set('SignatureVersion', '2')
    expect((await attributes()).SignatureVersion).toBe('2')
    await expect(set('Nothing', '1')).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await bench.simulator.sns.send(
      new TagResourceCommand({
        ResourceArn: topic,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    )
    await bench.simulator.sns.send(new UntagResourceCommand({ ResourceArn: topic, TagKeys: ['a'] }))
    expect((await bench.simulator.sns.send(new ListTagsForResourceCommand({ ResourceArn: topic }))).Tags).toEqual([
      { Key: 'b', Value: '2' },
    ])
    await bench.simulator.sns.send(
      new AddPermissionCommand({
        TopicArn: topic,
        Label: 'l',
        AWSAccountId: ['111111111111'],
        ActionName: ['Publish'],
      }),
    )
    expect(JSON.parse((await attributes()).Policy ?? '{}').Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      '__default_statement_ID',
      'l',
    ])
    await bench.simulator.sns.send(new RemovePermissionCommand({ TopicArn: topic, Label: 'l' }))
    await expect(
      bench.simulator.sns.send(new PutDataProtectionPolicyCommand({ ResourceArn: topic, DataProtectionPolicy: '{}' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' })
    for (let n = 0; n < 100; n++) await newTopic(`p${n}`)
    const first = await bench.simulator.sns.send(new ListTopicsCommand({}))
    const second = await bench.simulator.sns.send(new ListTopicsCommand({ NextToken: first.NextToken }))
    expect([first.Topics?.length, second.Topics?.length, second.NextToken]).toEqual([100, 1, undefined])
  })

  test('S39 filter policies are judged when they are set, in AWS words', async () => {
    const topic = await newTopic('t')
    const { arn } = await bench.simulator.newQueue('q')
    const SubscriptionArn = await subscribe(topic, arn)
    const set = (FilterPolicy: object) =>
      bench.simulator.sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn,
          AttributeName: 'FilterPolicy',
          AttributeValue: JSON.stringify(FilterPolicy),
        }),
      )
    const refused: [object, string][] = [
      [{ key: 'v' }, '"key" must be an object or an array'],
      [{ key: [['v']] }, 'Match value must be String, number, true, false, or null'],
      [{ key: [{ nothing: 1 }] }, 'Unrecognized match type nothing'],
      [{ key: [{ suffix: 'a', prefix: 'b' }] }, 'Only one key allowed in match expression'],
      [{ key: [{ suffix: 1 }] }, 'suffix match pattern must be a string'],
      [{ key: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
      [{ key: [{ numeric: ['>', 3, '<', 1] }] }, 'Bottom must be less than top'],
      [{ key: [{ exists: 'no' }] }, 'exists match pattern must be either true or false.'],
      [{ a: { b: ['c'] } }, 'does not support nested filter policy'],
      [{ a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, 'can not have more than 5 keys'],
      [{ a: Array(13).fill('x'), b: Array(12).fill('y') }, 'Filter policy is too complex'],
    ]
    for (const [policy, message] of refused) {
      await expect(set(policy)).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining(message),
      })
    }
    await set({ key: [{ wildcard: 'a*z' }, { 'anything-but': { suffix: 'x' } }] })
    const { Attributes } = await bench.simulator.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
    expect(Attributes).toMatchObject({ FilterPolicyScope: 'MessageAttributes', PendingConfirmation: 'false' })
  })
}
