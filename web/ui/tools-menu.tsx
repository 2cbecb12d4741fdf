'use client'
import { DropdownMenu } from 'radix-ui'
import { buttonClass } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { cn } from './recipes/cn.ts'
import { countClass } from './recipes/count.ts'

/** An item of a menu of tools. With `checked` it turns something on and off and leaves the menu open. */
export interface MenuTool {
  icon?: IconName
  label: string
  run: () => void
  checked?: boolean
  /** A line above it. */
  parts?: boolean
}

interface ToolsMenuProps {
  label: string
  tools: readonly MenuTool[]
  icon?: IconName
  /** Of what is active in the menu, so that it is seen while that is shut. */
  count?: number
  /** As the buttons beside it: of a dock's bar, of a panel's head, of the top bar. */
  look?: 'tool' | 'head' | 'bar'
  className?: string
}

const menuClass = 'z-20 min-w-44 rounded-lg border border-border bg-surface p-1 shadow-float'
const itemClass =
  'flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 py-0 type-12 whitespace-nowrap data-highlighted:bg-hover data-highlighted:outline-none'

/** What a bar has no room for, or what is rarely wanted, behind a button. */
export function ToolsMenu({ label, tools, icon = 'more', count = 0, look = 'tool', className }: ToolsMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={cn(
          buttonClass(look === 'tool' ? 'plain' : 'ghost', look !== 'bar', count === 0),
          count > 0 && 'px-1',
          className,
        )}
        aria-label={count > 0 ? `${label}, ${count} active` : label}
        title={label}
      >
        <Icon name={icon} size={look === 'tool' ? 12 : 14} />
        {count > 0 ? <span className={countClass()}>{count}</span> : null}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menuClass} align="end" sideOffset={4}>
          {tools.map((tool) => (
            <Tool key={tool.label} {...tool} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Tool({ icon, label, run, checked, parts }: MenuTool) {
  return (
    <>
      {parts ? <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" /> : null}
      {checked === undefined ? (
        <DropdownMenu.Item className={itemClass} onSelect={run}>
          {icon === undefined ? null : <Icon name={icon} size={12} className="text-fg-2" />}
          {label}
        </DropdownMenu.Item>
      ) : (
        <DropdownMenu.CheckboxItem
          className={itemClass}
          checked={checked}
          onCheckedChange={run}
          onSelect={(event) => event.preventDefault()}
        >
          <span className="grid size-3 place-items-center">
            <DropdownMenu.ItemIndicator>
              <Icon name="check" size={12} />
            </DropdownMenu.ItemIndicator>
          </span>
          {label}
        </DropdownMenu.CheckboxItem>
      )}
    </>
  )
}
