/** A sidecar's link proxy alone in a process, to the address in BENCH_UPSTREAM; prints its port and ends with its standard input. */
import { startLinkProxy } from '#workers/sidecar/links/proxy/link-proxy.ts'

const { hostname, port } = new URL(process.env.BENCH_UPSTREAM ?? '')
const proxy = await startLinkProxy({ id: 'bench->broker', host: hostname, port: Number(port) })
console.log(proxy.port)
process.stdin.resume().once('end', () => process.exit(0))
