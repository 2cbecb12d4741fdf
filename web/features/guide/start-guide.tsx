'use client'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { startGuide } from './guide-store.ts'
import { useHasGuide } from './use-guide.ts'

/** Begins the first experiment; nothing where this lab has no consumer that it can be done with. */
export function StartGuide({ className }: { className?: string }) {
  const has = useHasGuide()
  if (!has) return null
  return (
    <Button className={className} data-guide-start="" onClick={startGuide}>
      <Icon name="flask" />
      Start here
    </Button>
  )
}
