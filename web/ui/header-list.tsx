/** Names and values as they stand on the wire. */
export const HeaderList = ({
  headers,
  className,
}: {
  headers: readonly [name: string, value: string][]
  className: string
}) => (
  <dl className={className}>
    {headers.map(([name, value]) => (
      <div key={name}>
        <dt className="mono">{name}</dt>
        <dd className="mono">{value}</dd>
      </div>
    ))}
  </dl>
)
