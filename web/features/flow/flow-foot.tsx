'use client'

import type { FlowView } from '#contracts/api/flow.ts'
import { go } from '#web/live/url-state.ts'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { usePublish } from '../publish/publish-store.ts'

/** What can be done with a flow. */
export function FlowFoot({ flow }: { flow: FlowView }) {
  const fill = usePublish((publish) => publish.fill)
  const first = flow.journeys.find(({ id }) => id === flow.id)
  const data = first && objectOf(first.payload)
  return (
    <div className={cn(panelFoot, 'in-data-phone:hidden')}>
      <Button
        disabled={!first || !data}
        title={first ? (data ? undefined : 'Its payload is not a JSON object') : 'Its first event is no longer kept'}
        onClick={() => {
          if (!first || !data) return
          fill({ type: first.type, data })
          go('/publish')
        }}
      >
        <Icon name="edit" />
        Start one like it…
      </Button>
      <Button onClick={() => saveFile(`${flow.flow}-${flow.number}.json`, JSON.stringify(flow, null, 2))}>
        <Icon name="download" />
        Export flow
      </Button>
    </div>
  )
}

const objectOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
