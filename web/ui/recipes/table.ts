/** A dense table: fixed columns, 28 px rows, hairlines between them. */
export const tableClass = [
  'w-full table-fixed border-collapse',
  'th:h-7 th:border-b th:border-line th:px-2 th:py-0 th:text-left th:type-11 th:font-medium th:whitespace-nowrap th:text-fg-3',
  'td:h-row td:truncate td:border-b td:border-line td:px-2 td:py-0 td:text-fg-2',
  'cell-first:pl-4 cell-last:pr-4 row-last:border-b-0',
  '[:where(&_td_b)]:font-medium [:where(&_td_b)]:text-fg',
].join(' ')

/** Beside `tableClass`: the head stays in sight while the rows scroll under it. */
export const stickyHead = 'th:sticky th:top-0 th:z-1 th:border-b-0 th:bg-surface th:shadow-[inset_0_-1px_0_var(--line)]'

/** The selected row of a table. */
export const rowSelected = '*:bg-accent-bg *:first:shadow-[inset_2px_0_0_var(--accent)]'

/** The id of a message; a `b` in it is the part to read. */
export const messageIdClass = 'type-mono-11 text-fg-3 [:where(&_b)]:font-medium [:where(&_b)]:text-fg'
