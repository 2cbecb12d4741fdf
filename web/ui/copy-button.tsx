'use client'
import { useEffect, useState } from 'react'
import { copyText } from './browser/copy-text.ts'
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
  const copy = async () =>
    setSaid((await copyText(typeof text === 'string' ? text : text())) ? 'Copied' : 'The browser refused')
  return (
    <>
      <Button variant="ghost" small onClick={copy}>
        <Icon name={said === 'Copied' ? 'check' : 'copy'} size={12} />
        {said ?? label}
      </Button>
      <span className="sr-only" role="status">
        {said}
      </span>
    </>
  )
}
