import type { MailDestination } from '#contracts/api/outbox.ts'
import { useLive } from '#web/live/live-store.ts'

/** Where mails go that are not the lab's to read, and how many the server there accepted; no server where they go to the lab's mailbox. */
export function useAnswered(destination: MailDestination | undefined): {
  server: string | undefined
  accepted: number
} {
  const accepted = useLive((live) => {
    const node = live.topology.nodes.find((one) => one.kind === 'effect' && one.effect === 'email')
    return node ? (live.nodes[node.id]?.total ?? 0) : 0
  })
  return { server: destination?.kind === 'elsewhere' ? destination.server : undefined, accepted }
}
