import { expect, test } from 'vitest'
import { compareRow, expectedRow, type StoredRow } from './row-comparison.ts'

const order = {
  id: 'producer-1:1:order_placed:1',
  type: 'order_placed',
  body: '{"orderId":"o-1","email":"lin@example.com","items":[{"sku":"KB","qty":1,"price":119.00},{"sku":"CB","qty":2,"price":9.5}],"total":138}',
}
const orderRow = { order_id: 'o-1', email: 'lin@example.com', total: 138, message_id: order.id, placed_at: 'now' }
const items = [
  { order_id: 'o-1', position: 0, sku: 'KB', qty: 1, price: 119 },
  { order_id: 'o-1', position: 1, sku: 'CB', qty: 2, price: 9.5 },
]
const stored = (row: object, children: object[] = items, table = 'orders'): StoredRow => ({
  table,
  row: JSON.stringify(row),
  children: { order_items: JSON.stringify(children) },
})
const fields = (row: StoredRow | undefined, event = order) =>
  compareRow(event, row).map(({ field, expected, actual }) => [field, expected, actual])

test('a row that says what its event says has no difference, in whatever order its child rows were read', () => {
  expect(fields(stored(orderRow))).toEqual([])
  expect(fields(stored(orderRow, items.toReversed()))).toEqual([])
  expect(expectedRow(order)).toMatchObject({ table: 'orders', keyColumn: 'order_id', key: 'o-1' })
})

test('a table of the lab file is compared by its columns, whatever the order of their names', () => {
  const event = {
    ...{ id: 'p-1:1:shipment_sent:1', type: 'shipment_sent', isGeneric: true, body: '{"orderId":"o-1","n":1.0}' },
    table: { name: 'shipments', key: 'id', columns: { id: 'data.orderId', n: 'data.n', from: 'data.place.from' } },
  }
  const row = (columns: object) => stored({ ref: 'shipments/o-1', columns, message_id: event.id }, [], 'table_rows')
  expect(fields(row({ from: null, n: 1, id: 'o-1' }), event)).toEqual([])
  expect(fields(row({ from: null, n: 2, id: 'o-1' }), event)).toEqual([
    ['table_rows.columns', '{"id":"o-1","n":1.0,"from":null}', '{"from":null,"n":2,"id":"o-1"}'],
  ])
  expect(fields(undefined, event)).toEqual([['row', 'table_rows/shipments/o-1', 'none']])
})

test.each<[string, StoredRow | undefined, string[][]]>([
  ['no row', undefined, [['row', 'orders/o-1', 'none']]],
  ['another table', stored(orderRow, items, 'records'), [['table', 'orders', 'records']]],
  [
    'swapped columns',
    stored({ ...orderRow, order_id: 'lin@example.com', email: 'o-1' }),
    [
      ['orders.order_id', 'o-1', 'lin@example.com'],
      ['orders.email', 'lin@example.com', 'o-1'],
    ],
  ],
  ['a column that is gone', stored({ ...orderRow, total: undefined }), [['orders.total', '138', 'none']]],
  ['a number as text', stored({ ...orderRow, total: '138' }), [['orders.total', '138', '138']]],
  ['a row of another event', stored({ ...orderRow, message_id: 'x' }), [['orders.message_id', order.id, 'x']]],
  ['a child row that is missing', stored(orderRow, items.slice(0, 1)), [['order_items', '2 rows', '1 row']]],
  ['no child row', stored(orderRow, []), [['order_items', '2 rows', '0 rows']]],
  ['child rows that were never read', { ...stored(orderRow), children: {} }, [['order_items', '2 rows', '0 rows']]],
  [
    'a child row too many',
    stored(orderRow, [...items, { order_id: 'o-1', position: 2, sku: 'old', qty: 1, price: 1 }]),
    [['order_items', '2 rows', '3 rows']],
  ],
  [
    'columns of child rows',
    stored(orderRow, [
      { ...items[0], sku: 'CB' },
      { ...items[1], price: 2, qty: 9.5 },
    ]),
    [
      ['order_items[0].sku', 'KB', 'CB'],
      ['order_items[1].qty', '2', '9.5'],
      ['order_items[1].price', '9.5', '2'],
    ],
  ],
  [
    'a child row at another position',
    stored(orderRow, [items[0] ?? {}, { ...items[1], position: 7 }]),
    [['order_items[1].position', '1', '7']],
  ],
])('%s is named with both values', (_, row, differences) => {
  expect(fields(row)).toEqual(differences)
})

test('a user without a name has none', () => {
  const event = { id: 'producer-1:1:user_signup:1', type: 'user_signup', body: '{"email":"ada@example.com"}' }
  const row = { email: 'ada@example.com', name: null, message_id: event.id }
  expect(fields({ table: 'users', row: JSON.stringify(row), children: {} }, event)).toEqual([])
  expect(fields({ table: 'users', row: JSON.stringify({ ...row, name: 'Ada' }), children: {} }, event)).toEqual([
    ['users.name', 'null', 'Ada'],
  ])
})

test('numbers are compared digit by digit, and however they are written', () => {
  const event = {
    id: 'p',
    type: 'free_form',
    body: '{"id":820000000000000508,"cent":0.10,"big":1e3,"zero":-0.0,"in":[{"b":1,"a":null}]}',
  }
  const record = (data: string) => ({
    table: 'records',
    row: `{"message_id":"p","type":"free_form","data":${data}}`,
    children: {},
  })
  const same = '{"big":1000,"cent":0.1,"id":820000000000000508,"in":[{"a":null,"b":1.0}],"zero":0}'
  expect(fields(record(same), event)).toEqual([])
  const rounded = same.replace('508', '500')
  expect(fields(record(rounded), event)).toEqual([['records.data', event.body, rounded]])
})

test('data that is not of its type makes no row, and one that is there is named', () => {
  const event = { ...order, body: '{"orderId":"o-1"}' }
  expect(fields(undefined, event)).toEqual([])
  expect(fields(stored(orderRow), event).map(([field]) => field)).toEqual(['row'])
})
