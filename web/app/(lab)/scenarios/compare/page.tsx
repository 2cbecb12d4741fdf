import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Compare runs' }

export default function ComparePage() {
  return null
}
