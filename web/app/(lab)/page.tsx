import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Topology' }

export default function TopologyPage() {
  return null
}
