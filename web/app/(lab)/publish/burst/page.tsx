import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Burst' }

export default function BurstPage() {
  return null
}
