'use client'

import { type RefObject, useEffect, useRef } from 'react'

/** The form in which each new value of `refused` leads to the first field that is wrong, which may be out of sight; none for 0 and undefined. */
export function useFirstWrong(refused: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refused])
  return form
}
