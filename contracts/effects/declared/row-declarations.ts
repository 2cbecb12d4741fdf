/** Where the value of a column comes from. */
export type ColumnSource =
  /** The data at a JSON pointer; `''` is all of it. If it is absent, `null` if `orNull`, else no row can be made. */
  | { from: 'data'; pointer: string; orNull?: true }
  /** The event itself. */
  | { from: 'event'; field: 'id' | 'type' }

/** Rows of another table that belong to the event's row: one for each item of an array. */
export interface ChildDeclaration {
  table: string
  /** Column with the key of the row that they belong to, and the one that counts them from 0. */
  parent: string
  position: string
  /** JSON pointer of the array. */
  each: string
  /** Pointers are within an item. */
  columns: Readonly<Record<string, ColumnSource>>
}

/** The row that an event of a type becomes, once it is the newest of its key. Other columns are the table's own affair. */
export interface RowDeclaration {
  table: 'users' | 'orders' | 'records' | 'table_rows'
  /** Column that identifies the row; among `columns`. */
  key: string
  columns: Readonly<Record<string, ColumnSource>>
  children?: readonly ChildDeclaration[]
}

const data = (pointer: string): ColumnSource => ({ from: 'data', pointer })
const optionalData = (pointer: string): ColumnSource => ({ from: 'data', pointer, orNull: true })
const event = (field: 'id' | 'type'): ColumnSource => ({ from: 'event', field })

/** Tables that lab files declare are kept in one table of the database: their columns are JSON, under the name and key of the row. */
export const tableRows = { table: 'table_rows', key: 'ref', columns: 'columns' } as const

/** What consumer-db writes, by event type; `*` is every other type. Whoever checks rows reads this, and not how they are written. */
export const rowDeclarations: Readonly<Record<string, RowDeclaration>> = {
  user_signup: {
    table: 'users',
    key: 'email',
    columns: { email: data('/email'), name: optionalData('/name'), message_id: event('id') },
  },
  order_placed: {
    table: 'orders',
    key: 'order_id',
    columns: { order_id: data('/orderId'), email: data('/email'), total: data('/total'), message_id: event('id') },
    children: [
      {
        table: 'order_items',
        parent: 'order_id',
        position: 'position',
        each: '/items',
        columns: { sku: data('/sku'), qty: data('/qty'), price: data('/price') },
      },
    ],
  },
  '*': {
    table: 'records',
    key: 'message_id',
    columns: { message_id: event('id'), type: event('type'), data: data('') },
  },
}
