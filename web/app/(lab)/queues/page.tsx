import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Queues' }

export default function QueuesPage() {
  return null
}
