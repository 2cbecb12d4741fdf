'use client'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { floatClass } from '#web/ui/recipes/popover.ts'
import { applyTheme, storedTheme, type Theme } from './theme.ts'

const themes: { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]
const isTheme = (value: string): value is Theme => themes.some((theme) => theme.value === value)

/** Chooses the theme; the choice stays in this browser. */
export function ThemeMenu() {
  const [theme, setTheme] = useState<Theme>('system')
  const choose = (value: string): void => {
    if (!isTheme(value)) return
    applyTheme(value)
    setTheme(value)
  }
  return (
    <DropdownMenu.Root onOpenChange={(open) => open && setTheme(storedTheme())} modal={false}>
      <DropdownMenu.Trigger className={buttonClass('ghost', false, true)} aria-label="Theme" title="Theme">
        <Icon name="theme" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={cn(floatClass, 'z-20 min-w-40 p-1')} align="end" sideOffset={4}>
          <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
            {themes.map(({ value, label }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                className="flex h-7 cursor-pointer items-center gap-2 rounded-sm px-2 py-0 data-highlighted:bg-hover data-highlighted:outline-none"
              >
                <span className="w-3">
                  <DropdownMenu.ItemIndicator>
                    <Icon name="check" size={12} />
                  </DropdownMenu.ItemIndicator>
                </span>
                {label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
