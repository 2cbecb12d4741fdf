import { cva } from 'class-variance-authority'

const list = cva('[&_dd]:wrap-anywhere [&_dt]:text-fg-3', {
  variants: {
    look: {
      /** Hairlines between the rows. */
      lined: '*:grid *:grid-cols-[120px_1fr] *:gap-2 *:border-t *:border-line *:py-1 *:first:border-t-0',
      /** Rows alone, with room for longer names. */
      plain: 'grid gap-1 *:grid *:grid-cols-[136px_1fr] *:gap-3',
    },
  },
})

/** Names and values as they are on the wire. */
export const HeaderList = ({
  headers,
  look,
}: {
  headers: readonly [name: string, value: string][]
  look: 'lined' | 'plain'
}) => (
  <dl className={list({ look })}>
    {headers.map(([name, value]) => (
      <div key={name}>
        <dt className="mono">{name}</dt>
        <dd className="mono">{value}</dd>
      </div>
    ))}
  </dl>
)
