'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type DeadLetterItem, deadLetterList } from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { read, serverState } from '#web/http/server-state.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Empty, Panel, PanelHead, Unread } from '#web/ui/panel.tsx'
import { panelSub } from '#web/ui/recipes/panel-parts.ts'
import { Chip } from '#web/ui/status.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { reasonWords } from '../../messages/message-status.ts'
import { clock, count } from '../../words/figures.ts'
import { useKnownLetters } from '../dead-letters-query.ts'
import { noLetter } from '../letter-link.ts'
import { RedriveForm } from '../redrive/redrive-form.tsx'
import { type Found, findLetter } from './find-letter.ts'
import { LetterOverview } from './letter-overview.tsx'
import { LetterHeaders, LetterRaw } from './letter-tabs.tsx'

const close = (): void => setParams(noLetter)
const tabs = ['overview', 'redrive', 'headers', 'raw'] as const
type LetterTab = (typeof tabs)[number]
const group = 'letter'

/** One dead letter: why it was given up, what it holds, and the way back. `?letter=`. */
export function LetterDrawer({ id }: { id: string }) {
  const { letter, readCount, problem, looking } = useLetter(id)
  if (letter) return <Known letter={letter} />
  return (
    <Panel kind="message" label="Dead letter">
      <PanelHead icon="dlq" title="Dead letter" onClose={close} />
      {looking || problem ? (
        <Unread problem={problem} action={<Button onClick={close}>Close</Button>} />
      ) : (
        <Empty
          icon="dlq"
          title={
            readCount === undefined
              ? 'It is no longer among the dead letters'
              : `It is not among the first ${count(readCount)} dead letters of its group`
          }
          action={<Button onClick={close}>Close</Button>}
        >
          {readCount === undefined
            ? 'It was sent back, or the lab runs on another broker.'
            : 'It is behind those, it was sent back, or the lab runs on another broker.'}
        </Empty>
      )}
    </Panel>
  )
}

function Known({ letter }: { letter: DeadLetterItem }) {
  const asked = useParam('tab')
  const tab = tabs.find((name) => name === asked) ?? 'overview'
  const setTab = (next: LetterTab): void =>
    setParams({ tab: next === 'overview' ? undefined : next }, { replace: true })
  const { id, messageId, type, reason, at } = letter
  return (
    <Panel kind="message" label="Dead letter">
      <PanelHead icon="dlq" title={type || 'No event'} onClose={close}>
        <Chip tone="dead" glyph="dead">
          {reason === undefined ? 'moved by the broker' : reasonWords[reason]}
        </Chip>
      </PanelHead>
      <div className={panelSub}>
        {messageId === undefined ? (
          <code className="text-fg-2">{id}</code>
        ) : (
          <RouteLink patch={{ message: messageId, tab: undefined, attempt: undefined }} title="Show its journey">
            <code>{messageId}</code>
          </RouteLink>
        )}
        <span>{clock(at)}</span>
        <span>{letter.group}</span>
      </div>
      <Tabs<LetterTab>
        group={group}
        label="Dead letter"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'overview', label: 'Overview' },
          { value: 'redrive', label: 'Edit and redrive' },
          { value: 'headers', label: 'Headers' },
          { value: 'raw', label: 'Raw' },
        ]}
      />
      <div
        className="flex min-h-0 flex-1 flex-col"
        id={tabPanelId(group)}
        role="tabpanel"
        aria-labelledby={tabId(group, tab)}
      >
        {tab === 'overview' ? <LetterOverview letter={letter} onRedrive={() => setTab('redrive')} /> : null}
        {tab === 'redrive' ? <RedriveForm key={id} target={{ ids: [id] }} letter={letter} /> : null}
        {tab === 'headers' ? <LetterHeaders letter={letter} /> : null}
        {tab === 'raw' ? <LetterRaw letter={letter} /> : null}
      </div>
    </Panel>
  )
}

interface LetterView {
  letter: DeadLetterItem | undefined
  /** Letters of its group that it is not among, if there are more than were read. */
  readCount: number | undefined
  problem: Problem | undefined
  looking: boolean
}

/** The letter as the list has it, else read from its group. One that was found stays in sight when it goes. */
function useLetter(id: string): LetterView {
  const listed = useKnownLetters(({ letters }) => [...letters.values()].flat().find((item) => item.id === id))
  const queryKey = ['dead-letter', id]
  const { data, error, isLoading } = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Found> => {
      const found = await findLetter(id, (path) => read(path, deadLetterList, signal))
      const before = serverState.getQueryData<Found>(queryKey)
      return found.letter === undefined && before?.letter !== undefined ? before : found
    },
    enabled: listed === undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  useEffect(() => {
    if (listed) serverState.setQueryData<Found>(['dead-letter', id], { letter: listed })
  }, [id, listed])
  return {
    letter: listed ?? data?.letter,
    readCount: data !== undefined && 'readCount' in data ? data.readCount : undefined,
    problem: error ?? undefined,
    looking: isLoading,
  }
}
