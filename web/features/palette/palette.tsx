'use client'
import { Command } from 'cmdk'
import { useEffect, useState } from 'react'
import { parseIdentity } from '#contracts/events/identity.ts'
import { iconOf, kindOf } from '#web/features/nodes/node-words.ts'
import { useLive } from '#web/live/live-store.ts'
import { go } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { floatClass, veilClass } from '#web/ui/recipes/popover.ts'
import { useActions, useAimedActions } from './actions.ts'

const groupClass =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:type-11 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-fg-3'
const itemClass =
  'flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 data-[selected=true]:bg-hover icon:text-fg-3'

/** Goes anywhere by typing: actions, nodes, event types, and a message by its id. */
export function Palette({
  open,
  onOpenChange,
  onHelp,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onHelp: () => void
}) {
  const [text, setText] = useState('')
  const nodes = useLive((live) => live.topology.nodes)
  useEffect(() => {
    if (open) setText('')
  }, [open])
  const run = (action: () => void): void => {
    onOpenChange(false)
    action()
  }
  const actions = useActions(onHelp)
  const aimed = useAimedActions(text.trim() !== '')
  const id = text.trim()
  const types = nodes.filter((node) => node.kind === 'topic')
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Command palette"
      contentClassName={cn(
        floatClass,
        'fixed top-[14vh] left-1/2 z-20 w-[min(560px,calc(100vw-32px))] -translate-x-1/2 overflow-hidden',
      )}
      overlayClassName={cn(veilClass, 'z-19')}
    >
      <div className="flex h-11 items-center gap-2 border-b border-line px-4">
        <Icon className="text-fg-3" name="search" />
        <Command.Input
          className="h-full flex-1 border-0 bg-transparent p-0 type-13 outline-none"
          value={text}
          onValueChange={setText}
          placeholder="Do, find or open… or paste a message id"
        />
        <kbd>Esc</kbd>
      </div>
      <Command.List className="max-h-[50vh] overflow-auto px-2 pt-1 pb-2">
        <Command.Empty className="px-2 py-4 text-fg-3">Nothing has this name.</Command.Empty>
        {parseIdentity(id) === undefined ? null : (
          <Command.Group className={groupClass} heading="Message">
            <Command.Item className={itemClass} value={id} onSelect={() => run(() => go('/', { message: id }))}>
              <Icon name="right" />
              Open {id}
            </Command.Item>
          </Command.Group>
        )}
        <Command.Group className={groupClass} heading="Actions">
          {actions.map((action) => (
            <Command.Item className={itemClass} key={action.name} value={action.name} onSelect={() => run(action.run)}>
              <Icon name={action.icon} />
              {action.name}
              {action.keys === undefined ? null : <kbd className="ml-auto">{action.keys}</kbd>}
            </Command.Item>
          ))}
        </Command.Group>
        {aimed.length === 0 ? null : (
          <Command.Group className={groupClass} heading="At a worker, link or fault">
            {aimed.map((action) => (
              <Command.Item
                className={itemClass}
                key={action.name}
                value={action.name}
                {...(action.keywords === undefined ? {} : { keywords: action.keywords })}
                onSelect={() => run(action.run)}
              >
                <Icon name={action.icon} />
                {action.name}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {id === '' ? null : (
          <Command.Group className={groupClass} heading="Search" forceMount>
            <Command.Item
              className={itemClass}
              forceMount
              value={`search messages for ${id}`}
              onSelect={() => run(() => go('/', { dock: undefined, q: id.slice(0, 200) }))}
            >
              <Icon name="search" />
              Search messages for “{id}”
            </Command.Item>
          </Command.Group>
        )}
        <Command.Group className={groupClass} heading="Nodes">
          {nodes.map((node) => (
            <Command.Item
              className={itemClass}
              key={node.id}
              value={`${node.name} ${kindOf(node)}`}
              onSelect={() => run(() => go('/', { node: node.id, edge: undefined, message: undefined }))}
            >
              <Icon name={iconOf(node)} />
              {node.name}
              <span className="ml-auto text-fg-3">{kindOf(node)}</span>
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group className={groupClass} heading="Event types">
          {types.map((node) => (
            <Command.Item
              className={itemClass}
              key={node.id}
              value={`event type ${node.name}`}
              onSelect={() => run(() => go(`/event-types/${node.name}`))}
            >
              <Icon name="topic" />
              {node.name}
              <span className="ml-auto text-fg-3">schema and example</span>
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  )
}
