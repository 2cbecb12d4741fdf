import { AwsError } from '../../protocol/aws-error.ts'
import { optionalText, text, textList, textMap } from '../../protocol/sns-fields.ts'
import { XmlMap } from '../../protocol/xml.ts'
import { isPhoneNumber } from '../../semantics/endpoints.ts'
import { recordKey } from '../../stores/declarations.ts'
import type { Declarations } from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'
import { invalidParameter, type SnsAction, snsPage } from './sns-action.ts'

/** The settings of text messages of one account and region. */
interface SmsSettings {
  attributes: Record<string, string>
  optedOut: string[]
  sandbox: { number: string; status: 'Pending' | 'Verified' }[]
}

type Place = Pick<Call, 'account' | 'region'>

const idOf = ({ account, region }: Place): string => `${account} ${region}`

function settingsOf({ records }: Pick<Declarations, 'records'>, call: Place): SmsSettings {
  const record = records.get(recordKey('sms', idOf(call)))
  return record === undefined
    ? { attributes: {}, optedOut: [], sandbox: [] }
    : (JSON.parse(record.value) as SmsSettings)
}

const change = ({ store }: ActionServices, call: Place, changed: (settings: SmsSettings) => SmsSettings) =>
  store.declare((declared) => {
    const value = JSON.stringify(changed(settingsOf(declared, call)))
    return { changes: [{ put: 'record', record: { kind: 'sms', id: idOf(call), value } }], result: undefined }
  })

/** Whether a number wants no messages. */
export const isOptedOut = (records: Declarations['records'], phone: string): boolean =>
  [...records.values()].some(
    ({ kind, value }) => kind === 'sms' && (JSON.parse(value) as SmsSettings).optedOut.includes(phone),
  )

/** What a person does by answering STOP: the number wants no messages any more. */
export const optOut = (phone: string, services: ActionServices, call: Place): Promise<void> =>
  change(services, call, (settings) => ({ ...settings, optedOut: [...new Set([...settings.optedOut, phone])] }))

const settable = new Set([
  'MonthlySpendLimit',
  'DeliveryStatusIAMRole',
  'DeliveryStatusSuccessSamplingRate',
  'DefaultSenderID',
  'DefaultSMSType',
  'UsageReportS3Bucket',
])

const setSmsAttributes: SnsAction = async (input, services, call) => {
  const attributes = textMap(input, 'attributes')
  for (const [name, value] of Object.entries(attributes)) {
    if (!settable.has(name)) throw new AwsError('InvalidParameter', `${name} is not a valid attribute`)
    if (name === 'DefaultSMSType' && value !== 'Promotional' && value !== 'Transactional') {
      throw new AwsError('InvalidParameter', 'DefaultSMSType is invalid')
    }
  }
  await change(services, call, (settings) => ({ ...settings, attributes: { ...settings.attributes, ...attributes } }))
  return {}
}

const getSmsAttributes: SnsAction = async (input, { store }, call) => {
  const wanted = textList(input, 'attributes')
  const all = { MonthlySpendLimit: '1', ...settingsOf(await store.declarations(), call).attributes }
  const shown = Object.entries(all).filter(([name]) => wanted.length === 0 || wanted.includes(name))
  return { attributes: new XmlMap(Object.fromEntries(shown)) }
}

const phoneIn = (input: Parameters<SnsAction>[0], name: string): string => {
  const phone = text(input, name)
  if (!isPhoneNumber(phone)) throw invalidParameter('PhoneNumber Reason: input incorrectly formatted')
  return phone
}

const checkIfPhoneNumberIsOptedOut: SnsAction = async (input, { store }, call) => {
  const phone = phoneIn(input, 'phoneNumber')
  const { optedOut } = settingsOf(await store.declarations(), call)
  return { isOptedOut: optedOut.includes(phone) }
}

const listPhoneNumbersOptedOut: SnsAction = async (input, { store }, call) => {
  const { optedOut } = settingsOf(await store.declarations(), call)
  const { items, next } = snsPage(optedOut, (phone) => phone, optionalText(input, 'nextToken'))
  return { phoneNumbers: items, nextToken: next }
}

const optInPhoneNumber: SnsAction = async (input, services, call) => {
  const phone = phoneIn(input, 'phoneNumber')
  await change(services, call, (settings) => ({
    ...settings,
    optedOut: settings.optedOut.filter((one) => one !== phone),
  }))
  return {}
}

const getSmsSandboxAccountStatus: SnsAction = async () => ({ IsInSandbox: true })

const createSmsSandboxPhoneNumber: SnsAction = async (input, services, call) => {
  const number = phoneIn(input, 'PhoneNumber')
  const { records } = await services.store.declarations()
  if (isOptedOut(records, number)) {
    throw new AwsError('OptedOut', `The phone number ${number} has opted out of messages.`)
  }
  await change(services, call, (settings) => ({
    ...settings,
    sandbox: [...settings.sandbox.filter((one) => one.number !== number), { number, status: 'Pending' }],
  }))
  return {}
}

const inSandbox = (settings: SmsSettings, number: string): void => {
  if (settings.sandbox.some((one) => one.number === number)) return
  throw new AwsError('ResourceNotFound', `The phone number ${number} does not exist`)
}

const verifySmsSandboxPhoneNumber: SnsAction = async (input, services, call) => {
  const number = phoneIn(input, 'PhoneNumber')
  const password = text(input, 'OneTimePassword')
  if (!/^[0-9]{5,8}$/.test(password)) throw new AwsError('VerificationException', 'The one-time password is not valid.')
  await change(services, call, (settings) => {
    inSandbox(settings, number)
    return {
      ...settings,
      sandbox: settings.sandbox.map((one) => (one.number === number ? { number, status: 'Verified' } : one)),
    }
  })
  return {}
}

const deleteSmsSandboxPhoneNumber: SnsAction = async (input, services, call) => {
  const number = phoneIn(input, 'PhoneNumber')
  await change(services, call, (settings) => {
    inSandbox(settings, number)
    return { ...settings, sandbox: settings.sandbox.filter((one) => one.number !== number) }
  })
  return {}
}

const listSmsSandboxPhoneNumbers: SnsAction = async (input, { store }, call) => {
  const { sandbox } = settingsOf(await store.declarations(), call)
  const { items, next } = snsPage(sandbox, ({ number }) => number, optionalText(input, 'NextToken'))
  return { PhoneNumbers: items.map(({ number, status }) => ({ PhoneNumber: number, Status: status })), NextToken: next }
}

/** Nobody has a number to send from here. */
const listOriginationNumbers: SnsAction = async (input) => {
  const most = optionalText(input, 'MaxResults')
  if (most !== undefined && !(/^\d{1,3}$/.test(most) && Number(most) >= 1 && Number(most) <= 30)) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${most.slice(0, 20)}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 30`,
    )
  }
  return { PhoneNumbers: [] }
}

export const snsSmsActions: Record<string, SnsAction> = {
  SetSMSAttributes: setSmsAttributes,
  GetSMSAttributes: getSmsAttributes,
  CheckIfPhoneNumberIsOptedOut: checkIfPhoneNumberIsOptedOut,
  ListPhoneNumbersOptedOut: listPhoneNumbersOptedOut,
  OptInPhoneNumber: optInPhoneNumber,
  GetSMSSandboxAccountStatus: getSmsSandboxAccountStatus,
  CreateSMSSandboxPhoneNumber: createSmsSandboxPhoneNumber,
  VerifySMSSandboxPhoneNumber: verifySmsSandboxPhoneNumber,
  DeleteSMSSandboxPhoneNumber: deleteSmsSandboxPhoneNumber,
  ListSMSSandboxPhoneNumbers: listSmsSandboxPhoneNumbers,
  ListOriginationNumbers: listOriginationNumbers,
}
