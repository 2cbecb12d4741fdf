import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Problem } from '#contracts/errors.ts'
import { headerNames } from '#contracts/events/envelope.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { fieldErrors } from './field-errors.ts'
import { keyOf } from './message-key.ts'
import { bodyOf, curlOf, textOf } from './publish-text.ts'
import { setHeaders } from './set-headers.ts'
import { deleteTemplate, loadTemplates, saveTemplate } from './templates/templates.ts'

const body = {
  type: 'order_placed',
  key: 'b81e64f0-2d9a-4c35-97e1-5a0c3f7d8e26',
  data: {
    orderId: 'b81e64f0-2d9a-4c35-97e1-5a0c3f7d8e26',
    email: 'mira.sato@example.com',
    items: [
      { sku: 'KB-87', qty: 1, price: 119 },
      { sku: 'CB-02', qty: 2, price: 9.5 },
    ],
    total: 138,
  },
}

describe('curlOf', () => {
  it('is laid out as in the mock', () => {
    expect(curlOf(body, 'http://localhost:3000')).toBe(`curl -sS localhost:3000/event \\
  -H 'content-type: application/json' \\
  -d '{"type":"order_placed",
       "key":"b81e64f0-2d9a-4c35-97e1-5a0c3f7d8e26",
       "data":{"orderId":"b81e64f0-2d9a-4c35-97e1-5a0c3f7d8e26",
               "email":"mira.sato@example.com",
               "items":[{"sku":"KB-87","qty":1,"price":119},
                        {"sku":"CB-02","qty":2,"price":9.5}],
               "total":138}}'`)
  })

  it('gives a real shell the exact body, whatever is in it', () => {
    const text = fc.string({ unit: fc.constantFrom(...`'"\\$\`!\n\t ;&|<>*?~#ä€😀a`) })
    fc.assert(
      fc.property(fc.dictionary(text, text), (data) => {
        const command = curlOf({ type: 'x', data }, 'http://127.0.0.1:3000').replace(/^curl/, 'printf "%s\\0"')
        const words = execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).split('\0')
        expect(words.slice(0, 4)).toEqual(['-sS', '127.0.0.1:3000/event', '-H', 'content-type: application/json'])
        expect(JSON.parse(words[5] ?? '')).toEqual({ type: 'x', data: { ...data } })
      }),
      { numRuns: 30 },
    )
  })
})

describe('the JSON pane', () => {
  it('reads back what it wrote', () => {
    expect(bodyOf(textOf(body))).toMatchObject({ ok: true, body })
  })

  it.each([
    ['{\n "type": "x"\n "data": {}\n}', 3, '“,” or “}” is expected, “"” is found'],
    ['{\n "type": "x",\n "data": []\n}', 3, 'data must be an object'],
    ['{\n "type": 1,\n "data": {}\n}', 2, 'type must be the name of an event type'],
    ['{\n "type": "x", "data": {},\n "more": 1\n}', 3, 'more is not a field of a publish: type, key and data are'],
    ['[]', 1, 'must be an object with type and data'],
  ])('reports the line of what cannot be published: %j', (text, line, message) => {
    expect(bodyOf(text)).toMatchObject({ ok: false, line, message })
  })
})

describe('a number beyond 2^53', () => {
  const text =
    '{\n  "type": "x",\n  "data": {\n    "id": 820000000000000508,\n    "neg": [-7210194211959421178]\n  }\n}'
  const read = () => {
    const parsed = bodyOf(text)
    if (!parsed.ok) throw new Error(parsed.message)
    return parsed.body
  }

  it('keeps its digits in the JSON pane, the command and the request', () => {
    expect(writeJson(JSON.parse(JSON.stringify(read())))).toBe(writeJson(read()))
    expect(bodyOf(textOf(read()))).toMatchObject({ ok: true })
    for (const printed of [textOf(read()), curlOf(read(), 'http://localhost:3000'), writeJson(read())])
      expect(printed.replaceAll(/\s/g, '')).toContain('"data":{"id":820000000000000508,"neg":[-7210194211959421178]}')
  })

  it('keeps them in a saved template', () => {
    let stored: string | null = null
    const store = {
      getItem: () => stored,
      setItem: (_: string, next: string) => {
        stored = next
      },
    }
    saveTemplate(store, { name: 'a', ...read() })
    expect(writeJson(loadTemplates(store)[0]?.data)).toBe('{"id":820000000000000508,"neg":[-7210194211959421178]}')
  })

  it('is the key of the message as it is written', () => {
    expect(keyOf({ keyField: 'id' }, read().data)).toBe('820000000000000508')
  })
})

describe('templates', () => {
  const storage = (value: string | null = null) => {
    let text = value
    return {
      getItem: () => text,
      setItem: (_: string, next: string) => {
        text = next
      },
    }
  }

  it('saves by name, replaces and deletes', () => {
    const store = storage()
    saveTemplate(store, { name: 'b', type: 'x', data: { a: 1 } })
    saveTemplate(store, { name: 'a', type: 'x', data: {} })
    saveTemplate(store, { name: 'b', type: 'x', data: { a: 2 } })
    expect(loadTemplates(store)).toEqual([
      { name: 'a', type: 'x', data: {} },
      { name: 'b', type: 'x', data: { a: 2 } },
    ])
    expect(deleteTemplate(store, 'a').map((template) => template.name)).toEqual(['b'])
  })

  it('survives a value that is not its own', () => {
    for (const bad of ['', 'null', '{"version":9,"templates":[]}', '{"version":1,"templates":[{"name":1}]}']) {
      const store = storage(bad)
      expect(loadTemplates(store)).toEqual([])
      expect(saveTemplate(store, { name: 'a', type: 'x', data: {} })).toHaveLength(1)
    }
  })
})

it('names the headers of the contract, in its order', () => {
  expect(setHeaders(body, 1, 'k').map((header) => header.name)).toEqual([...headerNames])
})

it('puts the server’s problems to the fields they belong to', () => {
  const problem: Problem = {
    type: '/problems/schema_violation',
    title: '',
    status: 400,
    detail: '',
    code: 'schema_violation',
    errors: [
      { path: '/data/email', message: 'is required' },
      { path: '/items/0/qty', message: 'must be an integer' },
      { path: '/data/items/1', message: 'must be an object' },
      { path: '/data/more', message: 'is not a field of this type' },
    ],
  }
  const { fields, rest } = fieldErrors(problem, ['/email', '/items', '/items/0/qty'])
  expect(Object.fromEntries(fields)).toEqual({
    '/email': 'is required',
    '/items/0/qty': 'must be an integer',
    '/items': 'must be an object',
  })
  expect(rest).toEqual([{ path: '/data/more', message: 'is not a field of this type' }])
})
