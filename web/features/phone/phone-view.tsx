'use client'
import { useLive } from '#web/live/live-store.ts'

/** The reading view of a narrow screen. */
export function PhoneView() {
  const nodes = useLive((live) => live.topology.nodes)
  return (
    <main className="phone">
      <ul className="pns">
        {nodes.map((node) => (
          <li className="pn" key={node.id}>
            {node.name}
          </li>
        ))}
      </ul>
    </main>
  )
}
