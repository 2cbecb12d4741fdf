import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { Server } from 'socket.io'
import { liveNamespace } from '#contracts/api/live.ts'
import type { AccessToken } from '../access/access-token.ts'
import type { RequestGuard } from '../access/request-guard.ts'
import { limitPackets, smallPacketBytes } from './packet-limits.ts'

/**
 * Socket.IO on the server of the API, behind the same rules for Host and Origin. Viewers need the token as the API does;
 * sidecars bring a secret of their own in their handshake. Frames are small and often: compression would cost more than it saves.
 */
export function openSockets(
  server: HttpServer,
  options: { guard: RequestGuard; token: AccessToken; sharesUpgrades?: boolean },
): Server {
  const io = new Server(server, {
    serveClient: false,
    perMessageDeflate: false,
    // Next's development server has WebSockets of its own on this port.
    destroyUpgrade: options.sharesUpgrades !== true,
    httpCompression: false,
    maxHttpBufferSize: smallPacketBytes,
    allowRequest(request: IncomingMessage, done) {
      const refusal = options.guard.check(request, request.method !== 'GET')
      done(refusal?.detail, refusal === undefined)
    },
  })
  io.of(liveNamespace).use((socket, next) => {
    if (options.token.admits(socket.request.headers)) return next()
    const given: unknown = socket.handshake.auth.token
    const admitted = typeof given === 'string' && options.token.admits({ authorization: `Bearer ${given}` })
    next(admitted ? undefined : new Error('unauthorized: open /?token=<FAULTLINE_TOKEN> once in this browser'))
  })
  limitPackets(io)
  return io
}
