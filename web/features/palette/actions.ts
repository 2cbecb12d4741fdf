'use client'
import { useMemo } from 'react'
import type { Topology } from '#contracts/api/topology.ts'
import type { FaultCatalogueItem } from '#contracts/faults/fault.ts'
import { redrivePatch } from '#web/features/dead-letters/letter-link.ts'
import { faultName, isOver } from '#web/features/faults/fault-words.ts'
import { healFault, useHealing } from '#web/features/faults/healing.ts'
import { useCatalogue } from '#web/features/faults/inject/fault-catalogue.ts'
import { offersAt } from '#web/features/faults/inject/fault-offers.ts'
import { topicOf } from '#web/features/faults/use-fault-map.ts'
import { startGuide } from '#web/features/guide/guide-store.ts'
import { useHasGuide } from '#web/features/guide/use-guide.ts'
import { useAudit } from '#web/features/ledger/audit-store.ts'
import { useMessages } from '#web/features/messages/messages-store.ts'
import { useRecording } from '#web/features/record/use-recording.ts'
import { backToNow } from '#web/features/replay/replay-store.ts'
import { applyTheme } from '#web/features/theme/theme.ts'
import { fitEvent } from '#web/features/topology/use-fit.ts'
import { openDock } from '#web/live/dock-event.ts'
import { useLive } from '#web/live/live-store.ts'
import { replayPatch, useIsReplayed } from '#web/live/replay.ts'
import { go, setParams } from '#web/live/url-state.ts'
import type { IconName } from '#web/ui/icon.tsx'

/** Something that the palette does. */
export interface PaletteAction {
  name: string
  /** It changes the lab, or shows what only the lab of now has. */
  isOfNow?: true
  /** Other words that it is found by. */
  keywords?: string[]
  icon: IconName
  keys?: string
  run: () => void
}

/** What can be done wherever one is. */
export function useActions(onHelp: () => void): PaletteAction[] {
  const audit = useAudit()
  const { paused, setPaused } = useMessages()
  const hasGuide = useHasGuide()
  const hasFlows = useLive((live) => live.flows.length > 0)
  const record = useRecording()
  const replayed = useIsReplayed()
  const actions: PaletteAction[] = [
    {
      name: 'Replay the last minute',
      icon: 'clock',
      isOfNow,
      run: () => go('/', { ...replayPatch(useLive.getState().at - 60_000), letter: undefined, redrive: undefined }),
    },
    ...(replayed ? [{ name: 'Back to now', icon: 'x' as const, run: backToNow }] : []),
    ...(hasGuide
      ? [{ name: 'Start the first experiment', icon: 'flask' as const, isOfNow: true as const, run: startGuide }]
      : []),
    { name: 'Publish an event', icon: 'send', keys: 'P', isOfNow, run: () => go('/publish') },
    { name: 'Run a burst', icon: 'burst', isOfNow, run: () => go('/publish/burst') },
    { name: 'Run a scenario', icon: 'flask', isOfNow, run: () => go('/scenarios', { scenario: undefined }) },
    {
      name: record.current ? 'End the recording and save the scenario' : 'Record what I do as a scenario',
      icon: record.current ? 'stop' : 'record',
      isOfNow,
      run: record.toggle,
    },
    { name: 'Heal all faults', icon: 'heal', isOfNow, run: () => void useHealing.getState().healAll() },
    {
      name: audit.running ? 'Stop the audit' : 'Audit now',
      icon: 'pass',
      isOfNow,
      run: () => {
        if (audit.running) return audit.cancel()
        go('/', { dock: 'audit' })
        openDock()
        audit.run()
      },
    },
    { name: 'Topology', icon: 'graph', run: () => go('/') },
    { name: 'Event types', icon: 'topic', isOfNow, run: () => go('/event-types') },
    { name: 'Queues', icon: 'queue', isOfNow, run: () => go('/queues') },
    { name: 'Live messages', icon: 'list', run: () => setParams({ dock: undefined }) },
    {
      name: paused ? 'Resume live messages' : 'Pause live messages',
      icon: paused ? 'play' : 'pause',
      isOfNow,
      run: () => setPaused(!paused),
    },
    ...(hasFlows ? [{ name: 'Flows', icon: 'flow' as const, run: () => setParams({ dock: 'flows' }) }] : []),
    { name: 'Edit the lab', icon: 'edit', isOfNow, run: () => go('/lab', { message: undefined, flow: undefined }) },
    { name: 'Ledger by group', icon: 'pass', run: () => setParams({ ledger: 'open' }) },
    { name: 'Dead letters', icon: 'dlq', run: () => setParams({ dock: 'dead-letters' }) },
    { name: 'Redrive all dead letters', icon: 'retry', isOfNow, run: () => go('/', redrivePatch('all')) },
    { name: 'Outbox', icon: 'mail', run: () => setParams({ dock: 'outbox' }) },
    { name: 'Charts', icon: 'burst', run: () => setParams({ dock: 'charts' }) },
    { name: 'Event log', icon: 'list', run: () => setParams({ dock: 'log' }) },
    { name: 'Write a note', icon: 'star', isOfNow, run: () => setParams({ dock: 'log', log: undefined }) },
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
  return replayed ? actions.filter((action) => !action.isOfNow) : actions
}

const isOfNow = true

const none: PaletteAction[] = []

/** What can be done to one worker, link, broker or fault; nothing until something is `typed`, since it is a long list. */
export function useAimedActions(typed: boolean): PaletteAction[] {
  const { items } = useCatalogue()
  const topology = useLive((live) => live.topology)
  const services = useLive((live) => live.services)
  const faults = useLive((live) => live.faults)
  const broker = useLive((live) => live.broker)
  const replayed = useIsReplayed()
  return useMemo(() => {
    if (!typed || replayed) return none
    return [
      ...injections(topology, items),
      ...services.flatMap(({ name }) => scalings(name, topology)),
      ...faults
        .filter((fault) => !isOver(fault))
        .map(
          (fault): PaletteAction => ({
            name: `Heal ${faultName(fault)}`,
            icon: 'heal',
            run: () => void healFault(fault.id),
          }),
        ),
      ...(broker?.available ?? [])
        .filter(({ name }) => name !== broker?.broker)
        .map(
          ({ name }): PaletteAction => ({
            name: `Switch the broker to ${name}…`,
            icon: 'queue',
            run: () => openBroker(name),
          }),
        ),
    ]
  }, [typed, replayed, items, topology, services, faults, broker])
}

/** Opens the form of each fault where it can be injected. It asks before it does anything. */
export function injections(topology: Topology, items: readonly FaultCatalogueItem[]): PaletteAction[] {
  const seen = new Set<string>()
  return topology.nodes
    .flatMap((node) =>
      offersAt({ node }, items, topology, topicOf).flatMap(({ scope, faults }) =>
        faults.map(
          ({ item }): PaletteAction => ({
            name: `Inject ${item.type} at ${node.name}`,
            keywords: ['fault', item.title],
            icon: 'bolt',
            run: () =>
              go('/', {
                ...{ edge: undefined, message: undefined, attempt: undefined, fault: undefined },
                ...{ node: node.id, tab: 'faults', scope, inject: item.type },
              }),
          }),
        ),
      ),
    )
    .filter(({ name }) => !seen.has(name) && seen.add(name))
}

/** More replicas or fewer: the worker's drawer has the stepper, which asks before it stops one. */
function scalings(service: string, topology: Topology): PaletteAction[] {
  const node = topology.nodes.find(({ kind, name }) => name === service && (kind === 'consumer' || kind === 'producer'))
  if (!node) return []
  const run = (): void => go('/', { node: node.id, edge: undefined, message: undefined, tab: undefined })
  return [{ name: `Scale ${service}`, icon: 'consumer', run }]
}

/** Opens what the bar asks before it switches; where the bar is too narrow for it, the lab panel says how. */
function openBroker(name: string): void {
  const segment = document.querySelector<HTMLButtonElement>(`[data-brokers] [data-broker="${CSS.escape(name)}"]`)
  if (segment) segment.click()
  else go('/', { panel: 'lab', node: undefined, message: undefined })
}
