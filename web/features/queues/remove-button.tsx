'use client'

import { AlertDialog } from 'radix-ui'
import { useState } from 'react'
import { type QueueRemoved, queueRemoved } from '#contracts/api/queues/queues.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { confirmClass, confirmVeil } from '#web/ui/recipes/confirm.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { count } from '../words/figures.ts'
import { useAct } from './queues-query.ts'

type What = 'purge' | 'delete'
const words = {
  purge: { label: 'Purge…', title: 'Purge', button: 'Purge', icon: 'trash' },
  delete: { label: 'Delete…', title: 'Delete', button: 'Delete for good', icon: 'x' },
} as const

/** Purges or deletes, after it has said how many messages that costs and what the ledger makes of it. */
export function RemoveButton({ what, arn, name }: { what: What; arn: string; name: string }) {
  const [asked, setAsked] = useState<QueueRemoved>()
  const { act, busy, problem, forget } = useAct()
  const ask = async (confirm?: number): Promise<void> => {
    const done = await act('post', `/${what}`, { arn, ...(confirm === undefined ? {} : { confirm }) })
    if (done === undefined) return
    const answer = queueRemoved.parse(done.value)
    if (answer.state === 'dry_run') return setAsked(answer)
    close()
    if (what === 'delete') setParams({ arn: undefined, form: undefined })
  }
  const close = (): void => {
    setAsked(undefined)
    forget()
  }
  const { label, title, button, icon } = words[what]
  const open = asked !== undefined || problem !== undefined
  return (
    <>
      <Button disabled={busy && !open} onClick={() => void ask()}>
        <Icon name={icon} />
        {label}
      </Button>
      <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : close())}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className={confirmVeil} />
          <AlertDialog.Content className={confirmClass}>
            <AlertDialog.Title className="type-14 font-semibold">
              {title} {name}?
            </AlertDialog.Title>
            <AlertDialog.Description className="text-fg-2">{detail(what, asked)}</AlertDialog.Description>
            {asked?.lab === true && (asked.messages > 0 || what === 'delete') ? (
              <p className={noteClass}>{ledgerWords(what)}</p>
            ) : null}
            {problem === undefined ? null : <ProblemNote problem={problem} />}
            <div className="mt-2 flex min-w-0 items-center justify-end gap-2">
              <AlertDialog.Cancel className={buttonClass()}>Keep</AlertDialog.Cancel>
              {asked === undefined ? null : problem?.code === 'queue_changed' ? (
                <Button onClick={() => void ask()}>Count again</Button>
              ) : (
                <Button variant="primary" disabled={busy} onClick={() => void ask(asked.messages)}>
                  {button}
                  {asked.messages === 0 ? '' : `, ${messages(asked.messages)}`}
                </Button>
              )}
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  )
}

const messages = (number: number): string => (number === 1 ? '1 message' : `${count(number)} messages`)

function detail(what: What, asked: QueueRemoved | undefined): string {
  if (asked === undefined) return 'It was not done.'
  const some = asked.messages > 0
  const lost = some ? `${messages(asked.messages)} there: they are lost` : 'There are no messages'
  return what === 'purge'
    ? `${lost}${some ? ', those in flight and delayed too' : ' now'}. It cannot be taken back, and can be done once in 60 seconds.`
    : `${lost}. What is subscribed to it, or sends to it, fails from then on. It cannot be taken back.`
}

const ledgerWords = (what: What): string =>
  what === 'purge'
    ? 'This is a queue of the lab. The ledger still owes these messages to their consumer: they stay unsettled, and once the consumer has moved past them they are lost_message, which is what they are then.'
    : 'This is one of the lab’s own. Its messages stay unsettled in the ledger, its consumer fails until the lab is wired again, and the next start makes an empty one in its place.'
