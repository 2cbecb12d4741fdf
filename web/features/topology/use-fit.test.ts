import type { Viewport } from '@xyflow/react'
import { expect, test } from 'vitest'
import { createSight } from './use-fit.ts'

const size = { width: 1_000, height: 500 }
const frame = { width: 2_000, height: 500, enlarged: 1.5, tiles: false }
const wider = { ...frame, width: 4_000 }

function openSight() {
  const views: Viewport[] = []
  const set = (view: Viewport): void => void views.push(view)
  return { sight: createSight(), views, set }
}

test('each layout brings the whole graph into sight', () => {
  const { sight, views, set } = openSight()
  sight.laidOut(frame, size, set)
  sight.laidOut(wider, size, set)
  expect(views).toEqual([
    { x: 0, y: 125, zoom: 0.5 },
    { x: 0, y: 187.5, zoom: 0.25 },
  ])
})

test('a view that was moved, on the map or by hand, stays through later layouts until it is fitted again', () => {
  const { sight, views, set } = openSight()
  const moves = [() => sight.moveTo({ x: -40, y: 0, zoom: 1 }, set), () => sight.moved()]
  for (const move of moves) {
    sight.laidOut(frame, size, set)
    move()
    const before = views.length
    sight.laidOut(wider, size, set)
    expect(views).toHaveLength(before)
    sight.fit()
    expect(views.at(-1)).toEqual({ x: 0, y: 187.5, zoom: 0.25 })
  }
  expect(views).toContainEqual({ x: -40, y: 0, zoom: 1 })
})
