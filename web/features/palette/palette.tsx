'use client'
import { Command } from 'cmdk'
import { useEffect, useState } from 'react'
import { parseIdentity } from '#contracts/events/identity.ts'
import { redrivePatch } from '#web/features/dead-letters/letter/letter-link.ts'
import { useHealing } from '#web/features/faults/healing.ts'
import { iconOf, kindOf } from '#web/features/nodes/node-words.ts'
import { applyTheme } from '#web/features/theme/theme.ts'
import { fitEvent } from '#web/features/topology/topology-canvas.tsx'
import { useLive } from '#web/live/live-store.ts'
import { go, setParams } from '#web/live/url-state.ts'
import { Icon, type IconName } from '#web/ui/icon.tsx'

interface Action {
  name: string
  icon: IconName
  keys?: string
  run: () => void
}

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
  const actions: Action[] = [
    { name: 'Publish an event', icon: 'send', keys: 'P', run: () => go('/publish') },
    { name: 'Run a burst', icon: 'burst', run: () => go('/publish/burst') },
    { name: 'Heal all faults', icon: 'heal', run: () => void useHealing.getState().healAll() },
    { name: 'Topology', icon: 'graph', run: () => go('/') },
    { name: 'Event types', icon: 'topic', run: () => go('/event-types') },
    { name: 'Live messages', icon: 'list', run: () => setParams({ dock: undefined }) },
    { name: 'Ledger by group', icon: 'pass', run: () => setParams({ ledger: 'open' }) },
    { name: 'Dead letters', icon: 'dlq', run: () => setParams({ dock: 'dead-letters' }) },
    { name: 'Redrive all dead letters', icon: 'retry', run: () => go('/', redrivePatch('all')) },
    { name: 'Outbox', icon: 'mail', run: () => setParams({ dock: 'outbox' }) },
    { name: 'Charts', icon: 'burst', run: () => setParams({ dock: 'charts' }) },
    { name: 'Event log', icon: 'list', run: () => setParams({ dock: 'log' }) },
    {
      name: 'Lab: what is ready',
      icon: 'graph',
      run: () => go('/', { panel: 'lab', node: undefined, message: undefined }),
    },
    { name: 'Fit the graph', icon: 'fit', keys: 'F', run: () => window.dispatchEvent(new Event(fitEvent)) },
    { name: 'Theme: light', icon: 'theme', run: () => applyTheme('light') },
    { name: 'Theme: dark', icon: 'theme', run: () => applyTheme('dark') },
    { name: 'Theme: as the system', icon: 'theme', run: () => applyTheme('system') },
    { name: 'Keys and help', icon: 'help', keys: '?', run: onHelp },
  ]
  const id = text.trim()
  const types = nodes.filter((node) => node.kind === 'topic')
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Command palette"
      contentClassName="popover palette"
      overlayClassName="palette__veil"
    >
      <div className="palette__input">
        <Icon name="search" />
        <Command.Input value={text} onValueChange={setText} placeholder="Do, find or open… or paste a message id" />
        <kbd>Esc</kbd>
      </div>
      <Command.List>
        <Command.Empty>Nothing has this name.</Command.Empty>
        {parseIdentity(id) === undefined ? null : (
          <Command.Group heading="Message">
            <Command.Item value={id} onSelect={() => run(() => go('/', { message: id }))}>
              <Icon name="right" />
              Open {id}
            </Command.Item>
          </Command.Group>
        )}
        <Command.Group heading="Actions">
          {actions.map((action) => (
            <Command.Item key={action.name} value={action.name} onSelect={() => run(action.run)}>
              <Icon name={action.icon} />
              {action.name}
              {action.keys === undefined ? null : <kbd>{action.keys}</kbd>}
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading="Nodes">
          {nodes.map((node) => (
            <Command.Item
              key={node.id}
              value={`${node.name} ${kindOf(node)}`}
              onSelect={() => run(() => go('/', { node: node.id, edge: undefined, message: undefined }))}
            >
              <Icon name={iconOf(node)} />
              {node.name}
              <span className="t3">{kindOf(node)}</span>
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading="Event types">
          {types.map((node) => (
            <Command.Item
              key={node.id}
              value={`event type ${node.name}`}
              onSelect={() => run(() => go(`/event-types/${node.name}`))}
            >
              <Icon name="topic" />
              {node.name}
              <span className="t3">schema and example</span>
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  )
}
