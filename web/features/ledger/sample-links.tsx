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
      {of > ids.length ? <p className="text-fg-3">The first {ids.length} messages:</p> : null}
      <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
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
