import { expect, test } from 'vitest'
import type { Problem } from '#contracts/errors.ts'
import { fileProblems } from './file-problems.ts'

const text = 'services:\n  warehouse:\n    receives: [payment_capture]\n'
const problem = (errors: Problem['errors']): Problem => ({
  ...{ type: '/problems/invalid_lab', title: 'The lab file has problems', status: 422, code: 'invalid_lab' },
  detail: 'Two of them.',
  ...(errors === undefined ? {} : { errors }),
})

test('a problem has its place, the word that is wrong, and the name that was probably meant', () => {
  const message = 'no service sends payment_capture; closest is payment_captured'
  const [found] = fileProblems(
    problem([{ path: '/services/warehouse/receives/0', message, line: 3, column: 16 }]),
    text,
  )
  expect(found).toMatchObject({
    ...{ place: '3:16', line: 3, path: 'services.warehouse.receives[0]', message },
    fix: { label: 'Use payment_captured', text: 'payment_captured' },
  })
  expect(text.slice(found?.token?.from, found?.token?.to)).toBe('payment_capture')
})

test('a problem without a place, and one without a list, are shown as they are', () => {
  expect(fileProblems(problem([{ path: '', message: 'is empty' }]), '')).toMatchObject([
    { place: undefined, message: 'is empty', fix: undefined },
  ])
  expect(fileProblems(problem(undefined), text)).toMatchObject([
    { message: 'The lab file has problems. Two of them.', token: undefined },
  ])
})
