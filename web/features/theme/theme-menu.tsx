'use client'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { Icon } from '#web/ui/icon.tsx'
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
      <DropdownMenu.Trigger className="btn btn--ghost btn--icon" aria-label="Theme" title="Theme">
        <Icon name="theme" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="popover menu" align="end" sideOffset={4}>
          <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
            {themes.map(({ value, label }) => (
              <DropdownMenu.RadioItem key={value} value={value} className="menu__item">
                <span className="menu__mark">
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
