import type { ReactNode } from 'react'
import { LabScreen } from '#web/features/shell/lab-screen.tsx'
import { ServerStateProvider } from '#web/http/server-state-provider.tsx'

/**
 * One screen for every route of the lab: the graph stays while sheets and drawers open beside it. What is open is read
 * from the address (web/live/url-state.ts), so a page below only gives its address a title.
 */
export default function LabLayout({ children }: { children: ReactNode }) {
  return (
    <ServerStateProvider>
      <LabScreen />
      {children}
    </ServerStateProvider>
  )
}
