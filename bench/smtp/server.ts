/** The lab's mailbox alone in a process, with a store that keeps nothing; prints its port, ends with its standard input and then says how many mails it took. */
import { openMailbox } from '#workers/mailbox/smtp.ts'

let taken = 0
const mailbox = await openMailbox({
  host: '127.0.0.1',
  port: 0,
  store: {
    async add() {
      taken += 1
    },
    async close() {},
  },
  onTrouble: (error) => console.error(error),
})
console.log(mailbox.port)
process.stdin.resume().once('end', () => {
  console.log(taken)
  process.exit(0)
})
