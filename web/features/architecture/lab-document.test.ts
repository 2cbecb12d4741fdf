import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  addService,
  changeService,
  commandText,
  commandWords,
  eventsIn,
  freeName,
  pathAt,
  removeService,
  servicesIn,
} from './lab-document.ts'

const text = `# The shop and what follows.
apiVersion: faultline/v1
kind: Lab
metadata: { name: checkout }
events:
  order_placed: { schema: ./order.json } # by the shop
services:
  shop: { sends: [order_placed] }
  # charges
  payment:
    receives: [order_placed]
    sends: [payment_captured]
    run: { command: [python3, payment.py], directory: ./payment }
    replicas: 2
    idempotent: true
`

describe('what the form shows', () => {
  test('services and events as the file says them', () => {
    expect(servicesIn(text)).toMatchObject([
      { name: 'shop', body: 'source', receives: [], sends: ['order_placed'], replicas: undefined },
      {
        name: 'payment',
        body: 'run',
        command: 'python3 payment.py',
        directory: './payment',
        replicas: '2',
        idempotent: true,
      },
    ])
    expect(servicesIn(text.replace('replicas: 2', 'replicas: two')).at(1)).toMatchObject({ replicas: 'two' })
    expect(eventsIn(text)).toEqual(['order_placed', 'payment_captured'])
    expect(freeName(text)).toBe('service')
  })

  test.each(['', 'services: [', 'services: 3', 'services: { a: 1, b: { receives: x } }', '- 1'])(
    '%j has no services worth a form, and does no harm',
    (wrong) => {
      expect(servicesIn(wrong).every(({ receives, sends }) => receives.length + sends.length === 0)).toBe(true)
    },
  )
})

describe('an edit of the form', () => {
  test('changes its key and nothing else: comments and the order stay', () => {
    const changed = changeService(text, 'payment', { replicas: 3, idempotent: undefined })
    expect(changed).toBe(text.replace('replicas: 2', 'replicas: 3').replace('    idempotent: true\n', ''))
  })

  test('writes lists on one line', () => {
    expect(changeService(text, 'payment', { receives: ['order_placed', 'refund_asked'] })).toContain(
      'receives: [order_placed, refund_asked]',
    )
  })

  test('keeps what was written on one line on one line, and writes into what was empty', () => {
    expect(changeService(text, 'shop', { replicas: 2 })).toContain('shop: { sends: [order_placed], replicas: 2 }')
    expect(changeService(text, 'shop', { sends: undefined })).toContain('shop: {  }')
    expect(changeService('services:\n  a:\n  b: {}\n', 'a', { replicas: 2 })).toBe(
      'services:\n  a: { replicas: 2 }\n  b: {}\n',
    )
    expect(changeService('services:\n  b: {}\n', 'b', { url: 'http://a:1/x' })).toBe(
      'services:\n  b: { url: http://a:1/x }\n',
    )
  })

  test('replaces a block by a line, and keeps the comment behind it', () => {
    const block = 'services:\n  a:\n    retry:\n      maximumAttempts: 5\n    # more\n    replicas: 2 # two\n'
    expect(changeService(block, 'a', { retry: { maximumAttempts: 3 }, replicas: 4 })).toBe(
      'services:\n  a:\n    retry: { maximumAttempts: 3 }\n    # more\n    replicas: 4 # two\n',
    )
    expect(changeService(block, 'a', { retry: undefined })).toBe('services:\n  a:\n    # more\n    replicas: 2 # two\n')
  })

  test('quotes what would be read as something else', () => {
    const value = { command: ['sh', '-c', 'echo: a', 'true', '1.5', ''], directory: './a b' }
    const changed = changeService(text, 'payment', { run: value })
    expect(parse(changed).services.payment.run).toEqual(value)
  })

  test('adds and removes a service', () => {
    const added = addService(text, 'fraud', { receives: ['order_placed'], builtin: 'database' })
    expect(servicesIn(added).map(({ name }) => name)).toEqual(['shop', 'payment', 'fraud'])
    expect(servicesIn(removeService(added, 'payment')).map(({ name }) => name)).toEqual(['shop', 'fraud'])
  })

  test('leaves a text alone that is not YAML, or has no such service', () => {
    expect(changeService('services: [', 'payment', { replicas: 3 })).toBe('services: [')
    expect(changeService(text, 'nobody', { replicas: 3 })).toBe(text)
  })
})

test('commands are words: quotes keep what belongs together', () => {
  expect(commandWords("python3 -c \"print(1) # it's\" 'a b'")).toEqual(['python3', '-c', "print(1) # it's", 'a b'])
  for (const words of [['go', 'run', '.'], ['sh', '-c', 'echo "a b" \\ c'], ["it's"]]) {
    expect(commandWords(commandText(words))).toEqual(words)
  }
})

describe('places in the text', () => {
  test('the path at the cursor', () => {
    expect(pathAt(text, text.indexOf('payment_captured') + 3)).toBe('services.payment.sends[0]')
    expect(pathAt(text, text.indexOf('replicas') + 2)).toBe('services.payment.replicas')
    expect(pathAt('[', 0)).toBe('')
  })
})
