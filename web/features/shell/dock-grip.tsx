'use client'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { cn } from '#web/ui/recipes/cn.ts'
import { closedHeight, draggedHeight, mostHeight, nextHeight, openHeight } from './dock-height.ts'

/** The upper edge of the dock: drag it, move it with the arrow keys, or click it twice for the usual height. */
export function DockGrip({ height, onResize }: { height: number; onResize: (height: number) => void }) {
  const from = useRef<{ y: number; height: number }>(undefined)
  const [dragging, setDragging] = useState(false)
  const most = (): number => mostHeight(window.innerHeight)
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = nextHeight(height, event.key, most())
    if (to === undefined) return
    event.preventDefault()
    onResize(to)
  }
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { y: event.clientY, height }
    setDragging(true)
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (!from.current || event.clientY === from.current.y) return
    onResize(draggedHeight(from.current.height + from.current.y - event.clientY, most()))
  }
  const release = (): void => {
    from.current = undefined
    setDragging(false)
  }
  return (
    <>
      <hr
        className={cn(
          'peer absolute -top-1 right-0 left-0 z-4 m-0 h-2.25 cursor-ns-resize touch-none border-0 hover:bg-[linear-gradient(transparent_3px,var(--accent)_3px_5px,transparent_5px)] hover:outline-none focus-visible:bg-[linear-gradient(transparent_3px,var(--accent)_3px_5px,transparent_5px)] focus-visible:outline-none',
          dragging && 'bg-[linear-gradient(transparent_3px,var(--accent)_3px_5px,transparent_5px)]',
        )}
        tabIndex={0}
        aria-orientation="horizontal"
        aria-label="Height of the dock"
        aria-valuenow={height}
        aria-valuemin={closedHeight}
        aria-valuemax={Math.max(height, typeof window === 'undefined' ? openHeight : most())}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={release}
        onPointerCancel={release}
        onDoubleClick={() => onResize(openHeight)}
      />
      <span
        className="pointer-events-none absolute -top-0.75 left-1/2 z-4 h-1.25 w-10 -translate-x-1/2 rounded-full border border-border-strong bg-surface peer-hover:border-accent"
        aria-hidden="true"
      />
      {dragging ? (
        <output className="pointer-events-none absolute top-2 left-1/2 z-4 -translate-x-1/2 rounded-sm border border-border bg-raised px-1.5 type-11 text-fg-2">
          {height} px
        </output>
      ) : null}
    </>
  )
}
