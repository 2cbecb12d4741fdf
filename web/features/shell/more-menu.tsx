'use client'
import { DropdownMenu } from 'radix-ui'
import { useIsReplayed } from '#web/live/replay.ts'
import { go } from '#web/live/url-state.ts'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { floatClass } from '#web/ui/recipes/popover.ts'

/** What a narrow bar has no room for: the other views, the burst, and the keys. */
export function MoreMenu({ onHelp }: { onHelp: () => void }) {
  const replayed = useIsReplayed()
  const items: { icon: IconName; label: string; run: () => void }[] = [
    { icon: 'graph', label: 'Topology', run: () => go('/', { node: undefined, edge: undefined, message: undefined }) },
    { icon: 'flask', label: 'Scenarios', run: () => go('/scenarios') },
    { icon: 'list', label: 'Event types', run: () => go('/event-types') },
    ...(replayed ? [] : [{ icon: 'burst' as const, label: 'Burst', run: () => go('/publish/burst') }]),
    { icon: 'help', label: 'Help', run: onHelp },
  ]
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={cn(buttonClass('ghost', false, true), 'min-[960px]:hidden')}
        aria-label="More"
        title="More"
      >
        <Icon name="menu" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={cn(floatClass, 'z-20 min-w-40 p-1')} align="end" sideOffset={4}>
          {items.map(({ icon, label, run }) => (
            <DropdownMenu.Item
              key={label}
              className="flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 py-0 data-highlighted:bg-hover data-highlighted:outline-none"
              onSelect={run}
            >
              <Icon name={icon} />
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
