import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Event types' }

export default function EventTypesPage() {
  return null
}
