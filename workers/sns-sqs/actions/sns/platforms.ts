import { AwsError } from '../../protocol/aws-error.ts'
import { optionalText, text, textMap } from '../../protocol/sns-fields.ts'
import { XmlMap } from '../../protocol/xml.ts'
import { partitionOf } from '../../semantics/names.ts'
import { recordKey } from '../../stores/declarations.ts'
import type { DeclarationChange, Declarations, RecordKind } from '../../stores/queue-store.ts'
import { arnIn, checkArn, invalidParameter, isOfCall, type SnsAction, snsPage } from './sns-action.ts'

/** An application that devices are registered with. */
export interface Platform {
  arn: string
  attributes: Record<string, string>
}
/** A device under an application; its attributes have Token, Enabled and CustomUserData. */
export interface PlatformEndpoint extends Platform {
  application: string
}

const platforms = new Set([
  'ADM',
  'APNS',
  'APNS_SANDBOX',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'MACOS',
  'MACOS_SANDBOX',
  'BAIDU',
  'FCM',
  'GCM',
  'MPNS',
  'WNS',
])

const put = (kind: RecordKind, value: Platform): DeclarationChange => ({
  put: 'record',
  record: { kind, id: value.arn, value: JSON.stringify(value) },
})

function found<T extends Platform>({ records }: Declarations, kind: RecordKind, arn: string, what: string): T {
  const record = records.get(recordKey(kind, arn))
  if (record === undefined) throw new AwsError('NotFound', `${what} does not exist`)
  return JSON.parse(record.value) as T
}

const allOf = <T extends Platform>({ records }: Declarations, kind: RecordKind): T[] =>
  [...records.values()].filter((record) => record.kind === kind).map(({ value }) => JSON.parse(value) as T)

const application = (declared: Declarations, arn: string): Platform => {
  checkArn('PlatformApplicationArn', arn)
  return found(declared, 'platform-application', arn, 'PlatformApplication')
}
const endpoint = (declared: Declarations, arn: string): PlatformEndpoint => {
  checkArn('EndpointArn', arn)
  return found(declared, 'platform-endpoint', arn, 'Endpoint')
}

function checkName(name: string): void {
  if (name === '') throw invalidParameter(`${name} Reason: cannot be empty`)
  if (name.length > 256) throw invalidParameter(`${name} Reason: must be at most 256 characters long`)
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    throw invalidParameter(`${name} Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'`)
  }
}

const ofDevices = new Set(['CustomUserData', 'Enabled', 'Token'])
const userDataBytes = 2048

function checkedDevice(attributes: Record<string, string>): Record<string, string> {
  const foreign = Object.keys(attributes).find((name) => !ofDevices.has(name))
  if (foreign !== undefined) throw invalidParameter(`Attributes Reason: Invalid attribute name: ${foreign}`)
  if (Buffer.byteLength(attributes.CustomUserData ?? '') > userDataBytes) {
    throw invalidParameter(
      `Attributes Reason: Invalid value for attribute: CustomUserData: must be at most ${userDataBytes} bytes long in UTF-8 encoding`,
    )
  }
  return attributes
}

const createPlatformApplication: SnsAction = async (input, { store }, { region, account }) => {
  const name = input.Name === '' ? '' : text(input, 'Name')
  const platform = text(input, 'Platform')
  const attributes = textMap(input, 'Attributes')
  checkName(name)
  if (!platforms.has(platform)) throw invalidParameter(`Platform Reason: ${platform} is not supported`)
  const arn = `arn:${partitionOf(region)}:sns:${region}:${account}:app/${platform}/${name}`
  await store.declare(() => ({
    changes: [put('platform-application', { arn, attributes: { Enabled: 'true', ...attributes } })],
    result: undefined,
  }))
  return { PlatformApplicationArn: arn }
}

/** Credentials are set and never shown. */
const secret = new Set(['PlatformPrincipal', 'PlatformCredential'])
const shown = (attributes: Record<string, string>): XmlMap =>
  new XmlMap(Object.fromEntries(Object.entries(attributes).filter(([name]) => !secret.has(name))))

const getPlatformApplicationAttributes: SnsAction = async (input, { store }) => {
  const { attributes } = application(await store.declarations(), arnIn(input, 'PlatformApplicationArn'))
  return { Attributes: shown(attributes) }
}

const setPlatformApplicationAttributes: SnsAction = async (input, { store }) => {
  await store.declare((declared) => {
    const known = application(declared, arnIn(input, 'PlatformApplicationArn'))
    const attributes = { ...known.attributes, ...textMap(input, 'Attributes') }
    return { changes: [put('platform-application', { ...known, attributes })], result: undefined }
  })
  return {}
}

const listPlatformApplications: SnsAction = async (input, { store }, call) => {
  const all = allOf<Platform>(await store.declarations(), 'platform-application').filter(({ arn }) =>
    isOfCall(arn, call),
  )
  const { items, next } = snsPage(all, ({ arn }) => arn, optionalText(input, 'NextToken'))
  return {
    PlatformApplications: items.map(({ arn, attributes }) => ({
      PlatformApplicationArn: arn,
      Attributes: shown(attributes),
    })),
    NextToken: next,
  }
}

const deletePlatformApplication: SnsAction = async (input, { store }) => {
  const arn = arnIn(input, 'PlatformApplicationArn')
  checkArn('PlatformApplicationArn', arn)
  await store.declare((declared) => ({
    changes: [
      { remove: 'record', kind: 'platform-application', id: arn },
      ...allOf<PlatformEndpoint>(declared, 'platform-endpoint')
        .filter((one) => one.application === arn)
        .map((one): DeclarationChange => ({ remove: 'record', kind: 'platform-endpoint', id: one.arn })),
    ],
    result: undefined,
  }))
  return {}
}

const createPlatformEndpoint: SnsAction = async (input, { store, newId }) => {
  const token = text(input, 'Token')
  const userData = optionalText(input, 'CustomUserData')
  const beside: Record<string, string> = userData === undefined ? {} : { CustomUserData: userData }
  const given = checkedDevice({ ...beside, ...textMap(input, 'Attributes') })
  const arn = await store.declare((declared) => {
    const owner = application(declared, arnIn(input, 'PlatformApplicationArn'))
    const attributes: Record<string, string> = { Enabled: 'true', Token: token, ...given }
    const known = allOf<PlatformEndpoint>(declared, 'platform-endpoint').find(
      (one) => one.application === owner.arn && one.attributes.Token === token,
    )
    if (known !== undefined) {
      if (Object.keys(attributes).every((name) => known.attributes[name] === attributes[name])) {
        return { changes: [], result: known.arn }
      }
      throw invalidParameter(
        `Token Reason: Endpoint ${known.arn} already exists with the same Token, but different attributes.`,
      )
    }
    const made = { arn: `${owner.arn.replace(':app/', ':endpoint/')}/${newId()}`, application: owner.arn, attributes }
    return { changes: [put('platform-endpoint', made)], result: made.arn }
  })
  return { EndpointArn: arn }
}

const getEndpointAttributes: SnsAction = async (input, { store }) => {
  const { attributes } = endpoint(await store.declarations(), arnIn(input, 'EndpointArn'))
  return { Attributes: new XmlMap(attributes) }
}

const setEndpointAttributes: SnsAction = async (input, { store }) => {
  await store.declare((declared) => {
    const known = endpoint(declared, arnIn(input, 'EndpointArn'))
    const attributes = { ...known.attributes, ...checkedDevice(textMap(input, 'Attributes')) }
    return { changes: [put('platform-endpoint', { ...known, attributes })], result: undefined }
  })
  return {}
}

const listEndpointsByPlatformApplication: SnsAction = async (input, { store }) => {
  const declared = await store.declarations()
  const owner = application(declared, arnIn(input, 'PlatformApplicationArn'))
  const all = allOf<PlatformEndpoint>(declared, 'platform-endpoint').filter((one) => one.application === owner.arn)
  const { items, next } = snsPage(all, ({ arn }) => arn, optionalText(input, 'NextToken'))
  return {
    Endpoints: items.map(({ arn, attributes }) => ({ EndpointArn: arn, Attributes: new XmlMap(attributes) })),
    NextToken: next,
  }
}

const deleteEndpoint: SnsAction = async (input, { store }) => {
  const arn = arnIn(input, 'EndpointArn')
  checkArn('EndpointArn', arn)
  await store.declare(() => ({
    changes: [{ remove: 'record', kind: 'platform-endpoint', id: arn }],
    result: undefined,
  }))
  return {}
}

export const snsPlatformActions: Record<string, SnsAction> = {
  CreatePlatformApplication: createPlatformApplication,
  GetPlatformApplicationAttributes: getPlatformApplicationAttributes,
  SetPlatformApplicationAttributes: setPlatformApplicationAttributes,
  ListPlatformApplications: listPlatformApplications,
  DeletePlatformApplication: deletePlatformApplication,
  CreatePlatformEndpoint: createPlatformEndpoint,
  GetEndpointAttributes: getEndpointAttributes,
  SetEndpointAttributes: setEndpointAttributes,
  ListEndpointsByPlatformApplication: listEndpointsByPlatformApplication,
  DeleteEndpoint: deleteEndpoint,
}
