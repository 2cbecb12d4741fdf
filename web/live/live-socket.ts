'use client'
import { io, type Socket } from 'socket.io-client'
import {
  frame,
  liveNamespace,
  type ServerToViewerEvents,
  snapshot,
  type ViewerToServerEvents,
} from '#contracts/api/live.ts'
import { takeFrame, takeSnapshot } from './lab-state.ts'
import { useLive } from './live-store.ts'
import { afterPaint } from './viewer-pace.ts'

type ViewerSocket = Socket<ServerToViewerEvents, ViewerToServerEvents>

/** Connects this page to the lab until the returned function is called. Reconnects for ever. */
export function connectLive(): () => void {
  const socket: ViewerSocket = io(liveNamespace, {
    transports: ['websocket'],
    reconnectionDelay: 300,
    reconnectionDelayMax: 3_000,
  })
  /** What is shown is of the past until a snapshot comes: a frame, which says what changed, has nothing to change. */
  let isPast = false
  const lose = () =>
    useLive.setState((live) => ({ connection: live.connection === 'connecting' ? 'connecting' : 'lost' }))

  socket.on('connect', () => {
    useLive.setState({ refused: undefined })
    socket.emit('watch', useLive.getState().watching)
  })
  socket.on('disconnect', (reason) => {
    lose()
    // A server that shuts the socket itself is coming back: the client only retries by itself for other reasons.
    if (reason === 'io server disconnect') socket.connect()
  })
  socket.on('connect_error', (error) => {
    lose()
    if (socket.active) return
    useLive.setState({ refused: error.message })
    setTimeout(() => socket.connect(), 3_000)
  })
  socket.on('snapshot', (body) => {
    const parsed = snapshot.safeParse(body)
    if (!parsed.success) return report('snapshot', parsed.error)
    isPast = false
    useLive.setState((live) => ({
      ...(live.replay ? {} : takeSnapshot(live, parsed.data, Date.now())),
      connection: 'live',
    }))
  })
  socket.on('frame', (body, done) => {
    // Before anything is done with it, so that what that takes counts.
    afterPaint(done)
    const parsed = frame.safeParse(body)
    if (!parsed.success) report('frame', parsed.error)
    else if (!isPast) useLive.setState((live) => (live.replay ? {} : takeFrame(live, parsed.data, Date.now())))
  })
  const unsubscribe = useLive.subscribe((live, before) => {
    if (live.watching !== before.watching && socket.connected) socket.emit('watch', live.watching)
    if (!before.replay || live.replay) return
    // What came while a moment of the past was shown was thrown away. Without a connection the next one begins with a snapshot.
    isPast = true
    if (socket.connected) socket.emit('resync')
  })
  return () => {
    unsubscribe()
    socket.disconnect()
  }
}

function report(what: string, error: Error): void {
  console.error(`The server sent a ${what} that this page does not understand; reload the page.`, error.message)
}
