import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Publish' }

export default function PublishPage() {
  return null
}
