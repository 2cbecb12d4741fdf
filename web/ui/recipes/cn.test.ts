import { expect, it } from 'vitest'
import { cn } from './cn.ts'
import { inputBox } from './input-box.ts'

it('keeps the later of two utilities for one property, those of the tokens too', () => {
  expect(cn('h-control px-2', 'h-6')).toBe('px-2 h-6')
  expect(cn('w-drawer', 'w-full')).toBe('w-full')
  expect(cn('shadow-float', 'shadow-[0_0_0_1px_red]')).toBe('shadow-[0_0_0_1px_red]')
  expect(cn('tone-idle', 'tone-lost')).toBe('tone-lost')
  expect(cn('text-fg-3 type-11', 'text-fg')).toBe('type-11 text-fg')
})

it('lets a type take back weight and line height that come before it, and keeps those after it', () => {
  expect(cn('leading-5 font-medium type-11')).toBe('type-11')
  expect(cn('type-13', 'type-11 leading-5 font-medium')).toBe('type-11 leading-5 font-medium')
})

it('leaves out what is false, and merges the looks of an input', () => {
  expect(cn('grid', false, undefined, 'gap-1')).toBe('grid gap-1')
  expect(inputBox({ invalid: true }).split(' ')).not.toContain('border-border-strong')
  expect(inputBox({ area: true }).split(' ')).toEqual(expect.arrayContaining(['h-auto', 'p-0']))
  expect(inputBox({ area: true }).split(' ')).not.toContain('px-2')
})
