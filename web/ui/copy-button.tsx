'use client'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

/** Copies a text, or what it is when it is asked for; says “Copied” for two seconds, or why it could not. */
export function CopyButton({ text, label = 'Copy' }: { text: string | (() => string); label?: string }) {
  const [said, setSaid] = useState<string>()
  useEffect(() => {
    if (said === undefined) return
    const timer = setTimeout(() => setSaid(undefined), 2_000)
    return () => clearTimeout(timer)
  }, [said])
  const copy = () =>
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setSaid('Copied'),
      () => setSaid('The browser refused'),
    )
  return (
    <Button variant="ghost" small onClick={copy}>
      <Icon name={said === 'Copied' ? 'check' : 'copy'} size={12} />
      <span aria-live="polite">{said ?? label}</span>
    </Button>
  )
}
