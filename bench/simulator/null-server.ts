/** The least that a Node HTTP server can do, alone in a process: reads each request to its end and answers `{}`. Prints its port and ends with its standard input. */
import { createServer } from 'node:http'

const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (request, response) => {
  request.on('data', () => {})
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 })
    response.end('{}')
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' ? address?.port : undefined)
})
process.stdin.resume().once('end', () => process.exit(0))
