import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Scenarios' }

export default function ScenariosPage() {
  return null
}
