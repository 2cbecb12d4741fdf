import { Button } from '#web/ui/button.tsx'
import { Empty } from '#web/ui/panel.tsx'

/** Shown where the event types could not be fetched. */
export function UnreachableCatalogue({ detail, onRetry }: { detail: string | undefined; onRetry: () => void }) {
  return (
    <Empty icon="alert" title="The event types could not be read" action={<Button onClick={onRetry}>Try again</Button>}>
      {detail}
    </Empty>
  )
}
