'use client'
import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { Figures } from '#contracts/api/live.ts'
import { isCut } from '#web/features/faults/fault-places.ts'
import { mapOf } from '#web/features/faults/use-fault-map.ts'
import { useLive } from '#web/live/live-store.ts'
import { fitToScreen, inkOf } from '../canvas-ink.ts'
import type { PlacedEdge } from '../edge-geometry.ts'
import type { Lit } from '../lit-path.ts'
import { type Flow, type Particle, particleFlowOf, particlesAt, thinned } from './particles.ts'

/**
 * All particles, on one canvas above the edges and below the cards. It draws only while something flows, the tab is seen
 * and nobody pans; for those who asked for less motion it draws once per change of the figures and nothing moves.
 */
export function ParticleLayer({ edges, lit, hidden }: { edges: PlacedEdge[]; lit: Lit | undefined; hidden: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const flowStore = useStoreApi()

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || hidden) return
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    const phases = new Map<string, number>()
    let flows = flowsOf(edges)
    let last: number | undefined
    let request = 0

    const draw = (time: number): void => {
      request = 0
      const seconds = last === undefined ? 0 : Math.min(0.1, (time - last) / 1_000)
      last = time
      const [x, y, zoom] = flowStore.getState().transform
      fitToScreen(element)
      const ratio = window.devicePixelRatio
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, element.width, element.height)
      // They follow the playhead of a replay, at its speed.
      const pace = useLive.getState().replay?.pace ?? 1
      const ink = inkOf(element)
      const bright = newPaths()
      const pale = newPaths()
      let moving = false
      for (const edge of edges) {
        const flow = thinned(flows.get(edge.edge.id), edge.length * zoom)
        if (!flow || flow.count === 0) continue
        moving = true
        const phase = (phases.get(edge.edge.id) ?? 0) + (still ? 0 : seconds * pace * flow.speed)
        phases.set(edge.edge.id, phase)
        const paths = lit && !(edge.carries ?? [edge.edge.id]).some((id) => lit.edges.has(id)) ? pale : bright
        for (const particle of particlesAt(edge, flow, phase)) {
          const [left, top] = [(x + particle.x * zoom) * ratio, (y + particle.y * zoom) * ratio]
          const isOut = left < 0 || top < 0 || left > element.width || top > element.height
          if (isOut || underLabel(edge, flow, particle)) continue
          trace(paths[particle.kind], particle, left, top, ratio)
        }
      }
      for (const [paths, alpha] of [[pale, 0.4] as const, [bright, 1] as const]) {
        context.globalAlpha = alpha
        for (const kind of kinds) {
          context.fillStyle = ink[kind]
          context.fill(paths[kind])
        }
      }
      if (moving && !still && pace > 0 && !document.hidden) request = requestAnimationFrame(draw)
      else last = undefined
    }
    const wake = (): void => {
      if (request === 0) request = requestAnimationFrame(draw)
    }
    const unsubscribe = useLive.subscribe((live, before) => {
      if (live.edges === before.edges && live.replay === before.replay) return
      flows = flowsOf(edges)
      wake()
    })
    const unsubscribeFlow = flowStore.subscribe(wake)
    document.addEventListener('visibilitychange', wake)
    wake()
    return () => {
      unsubscribe()
      unsubscribeFlow()
      document.removeEventListener('visibilitychange', wake)
      cancelAnimationFrame(request)
      context.clearRect(0, 0, element.width, element.height)
    }
  }, [edges, lit, hidden, flowStore])

  return <canvas ref={canvas} className="pointer-events-none absolute inset-0 z-3 size-full" />
}

/** A label masks what runs under it. */
function underLabel(edge: PlacedEdge, flow: Flow, { x, y }: Particle): boolean {
  if (!flow.labelled || edge.labelRoom < labelHalf.width * 1.85) return false
  return Math.abs(x - edge.middle.x) < labelHalf.width && Math.abs(y - edge.middle.y) < labelHalf.height
}

function flowsOf(edges: PlacedEdge[]): Map<string, Flow> {
  const live = useLive.getState()
  if (live.connection !== 'live') return new Map()
  // What is cut shows nothing, although its rate is that of the last seconds.
  const faults = mapOf(live).edges
  const isWhole = (id: string): boolean => !faults.get(id)?.some(({ fault }) => isCut(fault))
  return new Map(
    edges.flatMap(({ edge, carries }) =>
      (carries ?? [edge.id]).every(isWhole)
        ? [[edge.id, particleFlowOf(figuresOf(edge, carries), edge, carries !== undefined)]]
        : [],
    ),
  )
}

/** What flows on an edge; where it represents several, all of theirs at the pace of the first that has any. */
function figuresOf({ id }: { id: string }, carries: readonly string[] | undefined): Figures | undefined {
  const { edges } = useLive.getState()
  if (!carries) return edges[id]
  const known = carries.flatMap((one) => edges[one] ?? [])
  const [first] = known.filter(({ ratePerSecond }) => ratePerSecond > 0)
  return first && { ...first, ratePerSecond: known.reduce((sum, one) => sum + one.ratePerSecond, 0) }
}

const kinds = ['ok', 'retry', 'dead'] as const
const newPaths = (): Record<Particle['kind'], Path2D> => ({ ok: new Path2D(), retry: new Path2D(), dead: new Path2D() })

const labelHalf = { width: 26, height: 10 }

/** Adds a particle to the path of its kind: all of a kind are filled at once. */
function trace(path: Path2D, { kind }: Particle, x: number, y: number, ratio: number): void {
  if (kind === 'ok') {
    path.moveTo(x + 2.4 * ratio, y)
    path.arc(x, y, 2.4 * ratio, 0, 2 * Math.PI)
    return
  }
  const size = 3.4 * ratio
  path.moveTo(x, y - size)
  path.lineTo(x + size, y)
  path.lineTo(x, y + size)
  path.lineTo(x - size, y)
  path.closePath()
}
