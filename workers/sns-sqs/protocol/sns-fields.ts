import { AwsError } from './aws-error.ts'
import type { FormNode } from './form.ts'

const invalid = (reason: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

export function optionalText(node: FormNode, name: string): string | undefined {
  const value = node[name]
  if (typeof value === 'object') throw invalid(`${name} Reason: must be a text`)
  return value
}

export function text(node: FormNode, name: string): string {
  const value = optionalText(node, name)
  if (value === undefined || value === '') throw invalid(`${name} Reason: no value for required parameter`)
  return value
}

function branch(node: FormNode, name: string): FormNode | undefined {
  const value = node[name]
  if (typeof value === 'string' && value !== '') throw invalid(`${name} Reason: must be a list or a map`)
  return typeof value === 'object' ? value : undefined
}

/** The elements of `<name>.<element>.N`, by N. */
function numbered(node: FormNode, name: string, element: string): FormNode[] {
  const list = branch(node, name)
  const members = list === undefined ? undefined : branch(list, element)
  if (members === undefined) return []
  return Object.keys(members)
    .sort((a, b) => Number(a) - Number(b))
    .map((index) => {
      const member = members[index]
      if (typeof member !== 'object') throw invalid(`${name} Reason: ${name}.${element}.${index} must be a structure`)
      return member
    })
}

/** SNS writes lists of structures as `Name.member.N`. */
export const members = (node: FormNode, name: string): FormNode[] => numbered(node, name, 'member')

/** SNS writes maps as `Attributes.entry.N.key` and `.value`, and message attributes with capitals. */
export const entries = (node: FormNode, name: string): FormNode[] => numbered(node, name, 'entry')

export function textMap(node: FormNode, name: string): Record<string, string> {
  const map = entries(node, name).map((entry) => [text(entry, 'key'), optionalText(entry, 'value') ?? ''])
  return Object.fromEntries(map) as Record<string, string>
}

export function structure(node: FormNode, name: string): FormNode {
  const value = branch(node, name)
  if (value === undefined) throw invalid(`${name} Reason: no value for required parameter`)
  return value
}

/** A list of texts, `Name.member.N`. */
export function textList(node: FormNode, name: string): string[] {
  const list = branch(node, name)
  const values = list === undefined ? undefined : branch(list, 'member')
  if (values === undefined) return []
  return Object.keys(values)
    .sort((a, b) => Number(a) - Number(b))
    .map((index) => {
      const value = values[index]
      if (typeof value !== 'string') throw invalid(`${name} Reason: ${name}.member.${index} must be a text`)
      return value
    })
}
