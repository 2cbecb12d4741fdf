import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Run' }

export default function RunPage() {
  return null
}
