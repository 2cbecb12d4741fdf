'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { refetchAfterLoss, serverState } from './server-state.ts'

/** Gives all parts below it the one store of what was read from the server. */
export function ServerStateProvider({ children }: { children: ReactNode }) {
  useEffect(() => refetchAfterLoss(serverState), [])
  return <QueryClientProvider client={serverState}>{children}</QueryClientProvider>
}
