import { expect, test } from 'vitest'
import { ignoreNegativeTimers } from './client.ts'

test('of the warnings of Node only that of a negative timer is dropped', async () => {
  const heard: string[] = []
  const hear = ({ name }: Error): void => void heard.push(name)
  process.on('warning', hear)
  ignoreNegativeTimers()
  ignoreNegativeTimers()
  process.emitWarning('-5 is a negative number', 'TimeoutNegativeWarning')
  process.emitWarning('something else', 'AnotherWarning')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', hear)
  expect(heard).toEqual(['AnotherWarning'])
})
