'use client'
import { DropdownMenu } from 'radix-ui'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { floatClass } from '#web/ui/recipes/popover.ts'
import { guideSteps } from './guide-steps.ts'
import { leaveGuide, openGuide } from './guide-store.ts'
import { useGuideNumber, useOpenGuide } from './use-guide.ts'

/** Where the experiment is: seven rings, the name of the step, the way to any step, and the way out. Nothing while none is open. */
export function GuideBar() {
  const number = useGuideNumber()
  return number === undefined ? null : <OpenBar number={number} />
}

function OpenBar({ number }: { number: number }) {
  const guide = useOpenGuide(number)
  if (!guide) return null
  const { step, done } = guide
  return (
    <section
      className="flex h-9 items-center gap-2 border-b border-line bg-surface px-4 whitespace-nowrap"
      aria-label="First experiment"
    >
      <Icon name="flask" />
      <b>First experiment</b>
      <ol className="ml-1 flex gap-1.5">
        {guideSteps.map((one, index) => (
          <li key={one.act}>
            <Ring number={index + 1} name={one.name} isNow={index + 1 === number} isDone={done[index] ?? false} />
          </li>
        ))}
      </ol>
      <span className="ml-1 min-w-0 truncate text-fg-2">{step.name}</span>
      <span className="flex-1" />
      <span className="text-fg-3 max-[1199px]:hidden">the lab is live, everything stays usable</span>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className={cn(buttonClass('ghost', true))}>
          Steps <Icon name="down" size={12} />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className={cn(floatClass, 'z-20 min-w-52 p-1')} align="end" sideOffset={4}>
            {guideSteps.map((one, index) => (
              <DropdownMenu.Item
                key={one.act}
                className="flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 py-0 data-highlighted:bg-hover data-highlighted:outline-none"
                onSelect={() => openGuide(index + 1)}
              >
                <span className="w-3 text-fg-3">{index + 1}</span>
                {one.name}
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <Button small onClick={leaveGuide}>
        <Icon name="x" size={12} />
        Leave <kbd>Esc</kbd>
      </Button>
    </section>
  )
}

function Ring({ number, name, isNow, isDone }: { number: number; name: string; isNow: boolean; isDone: boolean }) {
  return (
    <button
      type="button"
      className={cn(
        'grid size-5 place-items-center rounded-full border p-0 type-11 leading-none font-semibold',
        isNow
          ? 'border-accent bg-accent text-on-primary'
          : isDone
            ? 'border-delivered bg-transparent tone-delivered glyph:size-3 glyph:text-tone'
            : 'border-dashed border-border bg-transparent text-fg-3',
      )}
      aria-current={isNow ? 'step' : undefined}
      aria-label={`Step ${number}, ${name}${isDone ? ', done' : ''}`}
      title={name}
      onClick={() => openGuide(number)}
    >
      {isDone && !isNow ? <Glyph name="delivered" /> : number}
    </button>
  )
}
