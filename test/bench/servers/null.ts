/** Answers every whole request with the same few bytes, without reading what it says: against it the generator is measured alone. */
import { createServer } from 'node:net'

const answer = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}')

const lengthOf = (request: Buffer): number => {
  const end = request.indexOf('\r\n\r\n')
  if (end < 0) return Number.POSITIVE_INFINITY
  const head = request.toString('latin1', 0, end).toLowerCase()
  return end + 4 + Number.parseInt(head.slice(head.indexOf('content-length:') + 15), 10)
}

const server = createServer({ noDelay: true }, (socket) => {
  let have: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    have = have.length === 0 ? bytes : Buffer.concat([have, bytes])
    const length = lengthOf(have)
    if (have.length < length) return
    have = have.subarray(length)
    socket.write(answer)
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`ready ${address && typeof address === 'object' ? address.port : 0}`)
})
