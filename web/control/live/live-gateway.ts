import type { Logger } from 'pino'
import type { Namespace, Server, Socket } from 'socket.io'
import { liveNamespace, type ServerToViewerEvents, type ViewerToServerEvents, watch } from '#contracts/api/live.ts'
import type { LiveSources, SharedFrame } from './live-sources.ts'
import { Viewer } from './viewer.ts'

type ViewerSocket = Socket<ViewerToServerEvents, ServerToViewerEvents>

interface Connection {
  viewer: Viewer
  /** A frame was sent and not acknowledged yet: this viewer gets nothing until it is. */
  outstanding: boolean
  /** It asked for a snapshot, which the next tick sends. */
  resync: boolean
}

/**
 * Browsers on the namespace `/live`. A viewer is AWAITED (a frame is on its way, nothing more is made for it) or READY
 * (the next tick makes it a frame). One that stalls stays AWAITED, costs nothing and slows no other.
 */
export class LiveGateway {
  readonly #sources: LiveSources
  readonly #log: Logger
  readonly #connections = new Map<ViewerSocket, Connection>()
  #namespace: Namespace<ViewerToServerEvents, ServerToViewerEvents> | undefined

  constructor(sources: LiveSources, log: Logger) {
    this.#sources = sources
    this.#log = log
  }

  attach(io: Server): void {
    this.#namespace = io.of(liveNamespace)
    this.#namespace.on('connection', (socket) => this.#welcome(socket))
  }

  /** Viewers that are connected. */
  get viewers(): number {
    return this.#connections.size
  }

  /** Sends every viewer that is ready its frame; to be called four times a second. */
  tick(): void {
    let shared: SharedFrame | undefined
    for (const [socket, connection] of this.#connections) {
      if (connection.outstanding) continue
      shared ??= this.#sources.shared()
      if (connection.resync) {
        connection.resync = false
        socket.emit('snapshot', connection.viewer.snapshot(shared))
        continue
      }
      connection.outstanding = true
      socket.emit('frame', connection.viewer.frame(shared), () => {
        connection.outstanding = false
      })
    }
  }

  close(): void {
    this.#namespace?.disconnectSockets(true)
  }

  #welcome(socket: ViewerSocket): void {
    const connection: Connection = { viewer: new Viewer(this.#sources), outstanding: false, resync: false }
    this.#connections.set(socket, connection)
    socket.on('disconnect', () => this.#connections.delete(socket))
    socket.on('resync', () => {
      connection.resync = true
    })
    socket.on('watch', (message) => {
      const parsed = watch.safeParse(message)
      if (parsed.success) connection.viewer.watch(parsed.data)
      else this.#log.warn({ err: parsed.error }, 'refused an invalid "watch" of a viewer')
    })
    socket.emit('snapshot', connection.viewer.snapshot(this.#sources.shared()))
  }
}
