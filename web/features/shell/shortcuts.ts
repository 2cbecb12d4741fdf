import { useEffect } from 'react'
import { noFaultParams } from '#web/features/faults/faults-label.tsx'
import { leaveGuide } from '#web/features/guide/guide-store.ts'
import { backToNow, useReplay } from '#web/features/replay/replay-store.ts'
import { noRunParams } from '#web/features/runs/run-params.ts'
import { fitEvent } from '#web/features/topology/use-fit.ts'
import { useLive } from '#web/live/live-store.ts'
import { go, setParams } from '#web/live/url-state.ts'
import { isTyping } from '#web/ui/browser/is-typing.ts'

/** The keys of the lab, as the help shows them. J, K and Enter belong to the list that has the focus or is open. */
export const shortcutList: { keys: string[]; what: string }[] = [
  { keys: ['⌘K', 'Ctrl K'], what: 'Command palette' },
  { keys: ['P'], what: 'Publish an event' },
  { keys: ['F'], what: 'Fit the graph' },
  { keys: ['Z'], what: 'In the charts: back to the whole window' },
  { keys: ['/'], what: 'Search' },
  { keys: ['J', 'K'], what: 'Next and previous row' },
  { keys: ['Enter'], what: 'Open the row, select the node' },
  { keys: ['← ↑ → ↓'], what: 'In the graph: follow the links' },
  { keys: ['← →', 'Space'], what: 'In a replay: to what happened before or after, play' },
  { keys: ['Esc'], what: 'Back to now, close what is open' },
  { keys: ['?'], what: 'This help' },
]

function focusSearch(): void {
  const find = (): HTMLElement | null =>
    document.querySelector<HTMLElement>('[data-panel] [data-search]') ?? document.querySelector('#dock [data-search]')
  const field = find()
  if (field) {
    field.focus()
    return
  }
  setParams({ dock: undefined }, { replace: true })
  requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()))
}

/** Goes back to now; there it closes the topmost thing: the ledger, a sheet, else a drawer. */
function closeTop(): void {
  const query = new URLSearchParams(window.location.search)
  if (useReplay.getState().t !== undefined) backToNow()
  else if (query.has('ledger')) setParams({ ledger: undefined })
  else if (window.location.pathname !== '/') go('/', noRunParams)
  // What was opened while a flow is followed leads back to it.
  else if (query.has('flow') && beforeFlow.some((name) => query.has(name)))
    setParams({ ...Object.fromEntries(beforeFlow.map((name) => [name, undefined])), ...besideFlow })
  else if (query.has('guide') && !drawerParams.some((name) => query.has(name))) leaveGuide()
  else
    setParams({
      node: undefined,
      edge: undefined,
      message: undefined,
      flow: undefined,
      attempt: undefined,
      tab: undefined,
      level: undefined,
      letter: undefined,
      redrive: undefined,
      ...noFaultParams,
    })
}

/** What opens a drawer. */
const drawerParams = ['node', 'edge', 'message', 'flow', 'letter', 'redrive']

/** What is in the place of the drawer of a flow, and what goes with it. */
const beforeFlow = ['message', 'node', 'edge', 'letter', 'redrive']
const besideFlow = { attempt: undefined, tab: undefined, level: undefined, ...noFaultParams }

export function useShortcuts(actions: { palette: () => void; help: () => void }): void {
  const { palette, help } = actions
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey) && !event.shiftKey) {
        event.preventDefault()
        palette()
        return
      }
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
      // An open dialog or menu has the keyboard for itself.
      if (document.querySelector('dialog[open], [role="dialog"][data-state="open"], [role="menu"]')) return
      if (event.key === 'Escape') {
        if (isTyping(event.target) && event.target instanceof HTMLElement) event.target.blur()
        else closeTop()
        return
      }
      if (isTyping(event.target)) return
      const run = {
        p: () => (useLive.getState().replay ? undefined : go('/publish')),
        f: () => window.dispatchEvent(new Event(fitEvent)),
        '/': focusSearch,
        '?': help,
      }[event.key.toLowerCase()]
      if (!run) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [palette, help])
}
