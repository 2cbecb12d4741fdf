import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Event types' }

export default function EventTypePage() {
  return null
}
