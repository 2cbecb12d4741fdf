import { AwsError } from '../protocol/aws-error.ts'

interface Statement {
  Sid?: string
  [field: string]: unknown
}
interface Policy {
  Version: string
  Id: string
  Statement: Statement[]
}

const one = (values: string[]): string | string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values

/** A policy's text with a statement added, as AddPermission of SQS and SNS do; the code is what the service calls a label taken. */
export function withPermission(
  text: string,
  {
    label,
    accounts,
    actions,
    resource,
    service,
  }: {
    label: string
    accounts: string[]
    actions: string[]
    resource: string
    service: 'SQS' | 'SNS'
  },
): string {
  const policy = readPolicy(text, resource)
  if (policy.Statement.some(({ Sid }) => Sid === label)) {
    throw service === 'SQS'
      ? new AwsError('InvalidParameterValue', `Value ${label} for parameter Label is invalid. Reason: Already exists.`)
      : new AwsError('InvalidParameter', 'Invalid parameter: Statement already exists')
  }
  policy.Statement.push({
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: one(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: one(actions.map((action) => `${service}:${action}`)),
    Resource: resource,
  })
  return JSON.stringify(policy)
}

/** The same without the statement; the empty text if it was the last. */
export function withoutPermission(text: string, label: string, resource: string, service: 'SQS' | 'SNS'): string {
  const policy = readPolicy(text, resource)
  const left = policy.Statement.filter(({ Sid }) => Sid !== label)
  if (left.length === policy.Statement.length) {
    throw service === 'SQS'
      ? new AwsError(
          'InvalidParameterValue',
          `Value ${label} for parameter Label is invalid. Reason: can't find label${text === '' ? '' : ' on existing policy'}.`,
        )
      : new AwsError('NotFound', 'Statement does not exist')
  }
  return left.length === 0 && service === 'SQS' ? '' : JSON.stringify({ ...policy, Statement: left })
}

function readPolicy(text: string, resource: string): Policy {
  const fresh: Policy = {
    Version: '2008-10-17',
    Id: `${resource}/${text === '' ? 'SQSDefaultPolicy' : 'policy'}`,
    Statement: [],
  }
  if (text === '') return fresh
  const { Version, Id, Statement } = JSON.parse(text) as Partial<Policy>
  const statements = Statement === undefined ? [] : Array.isArray(Statement) ? Statement : [Statement]
  return { Version: Version ?? fresh.Version, Id: Id ?? fresh.Id, Statement: statements as Statement[] }
}
