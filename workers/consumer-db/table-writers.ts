import { declaredTableWriter } from './handlers/declared-table.ts'
import { orderPlacedWriter } from './handlers/order-placed.ts'
import { recordWriter } from './handlers/record.ts'
import { userSignupWriter } from './handlers/user-signup.ts'
import type { TableWriter, Write } from './table-writer.ts'

/**
 * Which writer takes which event type; `*table` takes those to which the lab file gives a table, `*` every other. In the order in which
 * tables are written.
 */
export const tableWriters: Record<string, TableWriter> = {
  user_signup: erased(userSignupWriter),
  order_placed: erased(orderPlacedWriter),
  '*table': erased(declaredTableWriter),
  '*': erased(recordWriter),
}

/** A writer is only ever given the rows that it planned, so its row type need not be known outside. */
function erased<Row>(writer: TableWriter<Row>): TableWriter {
  return {
    table: writer.table,
    ...(writer.refOf === undefined ? {} : { refOf: writer.refOf }),
    plan: writer.plan,
    write: (transaction, writes) => writer.write(transaction, writes as readonly Write<Row>[]),
  }
}
