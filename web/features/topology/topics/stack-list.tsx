'use client'
import { useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { foldsOf } from '../../nodes/retry-nodes.ts'
import { isStack } from '../../nodes/topic-stacks.ts'
import { rate } from '../../words/figures.ts'
import type { DrawnNode } from '../use-drawing.ts'

/** Topics from which a list has a box to search it by. */
const searchedFrom = 12

/** The topics that the reader opened a place of, as the address has it; nothing where the graph has no such place. */
export function StackList({ stacks, selected }: { stacks: readonly DrawnNode[]; selected: string | undefined }) {
  const opened = useParam('topics')
  const stack = stacks.find(({ id }) => id === opened && isStack({ id }))
  if (stack === undefined || !('node' in stack.data)) return null
  return <List key={stack.id} topics={foldsOf(stack.data.node)} selected={selected} />
}

const close = (): void => setParams({ topics: undefined }, { replace: true })

/** By name, so that no row moves with its rate; a click shows the topic. */
function List({ topics, selected }: { topics: readonly string[]; selected: string | undefined }) {
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const rows = topics
    .map((id) => ({ id, name: id.replace(/^topic:/, '') }))
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name))
  return (
    <section
      aria-label={`${topics.length} topics in one place`}
      className="absolute bottom-14 left-4 z-5 flex max-h-[calc(100%-72px)] w-75 max-w-[calc(100%-32px)] flex-col overflow-hidden rounded-md border border-border bg-surface"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
    >
      <header className="flex h-9 flex-none items-center gap-2 pr-1.5 pl-3">
        <b className="min-w-0 flex-1 truncate type-12 font-medium">{topics.length} topics</b>
        {topics.length < searchedFrom ? null : (
          <TextInput
            quiet
            boxClass="w-36"
            before={<Icon name="search" />}
            placeholder="Part of a name"
            aria-label="Search these topics"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        <button
          type="button"
          aria-label="Close the list of topics"
          title="Close"
          className="grid size-6 place-items-center rounded-sm border-0 bg-transparent p-0 text-fg-2 hover:bg-hover"
          onClick={close}
        >
          <Icon name="x" size={12} />
        </button>
      </header>
      <ul className="m-0 min-h-0 flex-1 list-none overflow-y-auto p-0">
        {rows.map(({ id, name }) => (
          <Row key={id} id={id} name={name} isShown={id === selected} />
        ))}
      </ul>
      {rows.length > 0 ? null : <p className="m-0 border-t border-line px-3 py-1.5 type-11 text-fg-3">No such topic</p>}
    </section>
  )
}

function Row({ id, name, isShown }: { id: string; name: string; isShown: boolean }) {
  const { perSecond, total } = useLive(
    useShallow((live) => ({ perSecond: live.nodes[id]?.ratePerSecond ?? 0, total: live.nodes[id]?.total ?? 0 })),
  )
  return (
    <li>
      <button
        type="button"
        aria-current={isShown}
        className={cn(
          'flex h-7 w-full items-center gap-2 border-0 border-t border-line bg-transparent px-3 text-left hover:bg-hover',
          isShown && 'bg-accent-bg shadow-[inset_2px_0_0_var(--accent)]',
        )}
        onClick={() => setParams({ node: id, edge: undefined, message: undefined })}
      >
        <span className="min-w-0 flex-1 truncate" title={name}>
          {name}
        </span>
        <span className="type-11 whitespace-nowrap text-fg-3">
          {total === 0 ? 'never seen' : `${rate(perSecond)}/s`}
        </span>
      </button>
    </li>
  )
}
