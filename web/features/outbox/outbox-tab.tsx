'use client'
import { useEffect, useState } from 'react'
import { api } from '#web/live/api.ts'
import { Empty } from '#web/ui/panel.tsx'

/** What the consumers did. */
export function OutboxTab() {
  const [text, setText] = useState('Asking the lab…')
  useEffect(() => {
    api.get('/api/outbox/emails?limit=1').then((answer) => setText(answer.ok ? JSON.stringify(answer.value) : answer.problem.detail))
  }, [])
  return <Empty icon="mail" title={text} />
}
