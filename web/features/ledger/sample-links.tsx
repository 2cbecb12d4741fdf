import { RouteLink } from '#web/live/route-link.tsx'

interface SampleLinksProps {
  ids: readonly string[]
  /** How many there are in all. */
  of: number
}

/** Messages by name, each a way to its journey. */
export function SampleLinks({ ids, of }: SampleLinksProps) {
  if (ids.length === 0) return null
  return (
    <>
      {of > ids.length ? <p className="t3">The first {ids.length} messages:</p> : null}
      <ul className="samples">
        {ids.map((id) => (
          <li key={id}>
            <RouteLink
              path="/"
              patch={{ message: id, node: undefined, edge: undefined, attempt: undefined, tab: undefined }}
            >
              <code>{id}</code>
            </RouteLink>
          </li>
        ))}
      </ul>
    </>
  )
}
