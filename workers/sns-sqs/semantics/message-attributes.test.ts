import { expect, test } from 'vitest'
import { checkAttributes } from './message-attributes.ts'

const check = (DataType: string, StringValue: string) => () =>
  checkAttributes({ a: { DataType, StringValue } }, 'InvalidParameterValue')

test.each([
  ['String', 'a\u0001b'],
  ['String', 'a\ufffeb'],
  ['String', 'a\ud800b'],
  ['String.\u0001', 'v'],
  ['Number.a\u0000', '1'],
])('a character that no message may have is refused in type and value: %j, %j', (type, value) => {
  expect(check(type, value)).toThrow(/Invalid binary character '#x[0-9A-F]+'/)
})

test('custom types, tabs and characters beyond the first plane are taken', () => {
  expect(check('String.mine', 'tab\t and 😀')).not.toThrow()
  expect(check('Number.größe', '1')).not.toThrow()
})

test('a number that is none is refused in the words of either service', () => {
  const refused = (code: string) => () => checkAttributes({ price: { DataType: 'Number', StringValue: '100A' } }, code)
  expect(refused('ParameterValueInvalid')).toThrow("Could not cast message attribute 'price' value to number.")
  expect(refused('InvalidParameterValue')).toThrow(
    "Can't cast the value of message (user) attribute 'price' to a number.",
  )
})
