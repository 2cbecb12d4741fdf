'use client'
import { useEffect, useRef } from 'react'
import { isTyping } from '#web/ui/browser/is-typing.ts'
import { Button, buttonClass, IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { WatchNumber } from './guide-mark.tsx'
import { guideSteps } from './guide-steps.ts'
import { leaveGuide, openGuide, useGuide } from './guide-store.ts'
import { type OpenGuide, useGuideGoingOn, useGuideNumber, useOpenGuide } from './use-guide.ts'

/** The open step of the first experiment over the graph: what to do, why, what to watch, and what ends it. Nothing while none is open. */
export function GuideCard() {
  const number = useGuideNumber()
  return number === undefined ? null : <OpenCard number={number} />
}

function OpenCard({ number }: { number: number }) {
  const guide = useOpenGuide(number)
  return guide ? <Card guide={guide} /> : null
}

function Card({ guide }: { guide: OpenGuide }) {
  useGuideGoingOn(guide)
  const { number, step, view, done } = guide
  const { acting, problem, act } = useGuide()
  const isBegun = step.isBegun(view)
  const isOver = number === guideSteps.length && (done[number - 1] ?? false)
  const missing = step.missing?.(view)
  const canAct = !acting && !isBegun && missing === undefined
  const run = (): void => void act(step.act, view)
  useEnter(canAct, run)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (number > 0 && isFree(document.activeElement)) button.current?.focus({ preventScroll: true })
  }, [number])
  return (
    <aside
      className="z-3 mt-13 mr-4 mb-4 flex w-87 flex-col gap-1 self-stretch justify-self-end overflow-y-auto rounded-lg border border-accent-border bg-surface px-4 pt-2 pb-4 shadow-float [grid-area:1/1]"
      aria-label={`Step ${number} of ${guideSteps.length}`}
      data-guide=""
    >
      <header className="-mr-2 flex items-center">
        <span className="text-fg-3">
          {number} of {guideSteps.length}
        </span>
        <span className="flex-1" />
        <IconButton label={`Back to step ${number - 1}`} disabled={number === 1} onClick={() => openGuide(number - 1)}>
          <Icon name="up" size={12} />
        </IconButton>
        <IconButton
          label={done[number - 1] ? 'Next step' : 'Skip this step'}
          disabled={number === guideSteps.length}
          onClick={() => openGuide(number + 1)}
        >
          <Icon name="down" size={12} />
        </IconButton>
      </header>
      <h2 className="type-16 font-semibold tracking-[-0.01em]">{step.title(view)}</h2>
      <p className="text-fg-2">{step.why(view)}</p>
      {isOver ? (
        <Button variant="primary" className="mt-2 h-8" onClick={leaveGuide}>
          <Icon name="check" />
          Done: leave the guide
        </Button>
      ) : (
        <button
          ref={button}
          type="button"
          className={cn(buttonClass('primary'), 'mt-2 h-8 shrink-0')}
          disabled={!canAct}
          onClick={run}
        >
          <Icon name={step.icon} />
          {acting ? 'Asking the lab…' : step.button(view)} {canAct ? <kbd>↵</kbd> : null}
        </button>
      )}
      <p className="break-all text-fg-3">{missing ?? step.does(view)}</p>
      {problem ? <ProblemNote problem={problem} /> : null}
      <h3 className="mt-3 type-11 font-medium text-fg-3">Watch</h3>
      <ul className="mt-0.5 grid gap-2">
        {step.watch(view).map(({ what, meaning }, index) => (
          <li key={what} className="grid grid-cols-[18px_1fr] gap-2">
            <WatchNumber number={index + 1} className="-mt-px" />
            <p>
              <b className="block font-medium">{what}</b>
              <span className="block text-fg-3">{meaning}</span>
            </p>
          </li>
        ))}
      </ul>
      <h3 className="mt-3 type-11 font-medium text-fg-3">Then</h3>
      <p className="break-words text-fg-2" role="status">
        {step.next(view)}
      </p>
      {isOver ? (
        <p className="mt-2 text-fg-2">
          The same as a file, for a CI: <code>npm run faultline -- run consumer-crash-and-retry</code>
        </p>
      ) : null}
    </aside>
  )
}

/** Whether the focus may be taken: nothing has it, or what has it goes with the step. */
const isFree = (focused: Element | null): boolean =>
  focused === null ||
  focused === document.body ||
  !focused.isConnected ||
  focused.closest('[data-guide], [data-guide-start]') !== null

/** Enter does the step's act, unless something has the focus that takes the key itself. */
function useEnter(enabled: boolean, run: () => void): void {
  useEffect(() => {
    if (!enabled) return
    const onKey = (event: KeyboardEvent): void => {
      const isOwn = event.target instanceof Element && event.target.closest('button, a, [role], [tabindex]') !== null
      if (event.key !== 'Enter' || event.defaultPrevented || isTyping(event.target) || isOwn) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
