'use client'

import { useState } from 'react'
import { copyText } from './browser/copy-text.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

interface NeighbourButtonsProps {
  /** The button to the one before (-1) or after (1) in a list. */
  step: (by: 1 | -1) => { disabled: boolean; onClick: () => void }
  /** Address of what is shown, from the root of the site. */
  path: string
}

/** To the one before and after in a list, and a link to this one. */
export function NeighbourButtons({ step, path }: NeighbourButtonsProps) {
  const [said, setSaid] = useState<string>()
  const copy = async (): Promise<void> => {
    setSaid((await copyText(`${window.location.origin}${path}`)) ? 'Link copied' : 'The browser refused to copy')
  }
  return (
    <>
      <IconButton label="Previous, K" {...step(-1)}>
        <Icon name="up" />
      </IconButton>
      <IconButton label="Next, J" {...step(1)}>
        <Icon name="down" />
      </IconButton>
      <IconButton label={said ?? 'Copy link'} onClick={copy}>
        <Icon name={said === 'Link copied' ? 'check' : 'link'} />
      </IconButton>
      <span className="sr-only" role="status">
        {said}
      </span>
    </>
  )
}
