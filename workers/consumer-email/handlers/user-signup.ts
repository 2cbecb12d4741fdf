import { userSignup } from '#contracts/events/user-signup.ts'
import { mailHtml } from '../html.ts'
import { layout } from '../layout.ts'
import type { Letter } from '../letter.ts'
import { recipientOf } from '../recipient.ts'

/** Welcomes whoever signed up. */
export function welcomeLetter(data: unknown): Letter {
  const { email, name } = userSignup.data.parse(data)
  const title = name === undefined ? 'Welcome' : `Welcome, ${name}`
  return {
    to: { address: recipientOf(data, email), ...(name === undefined ? {} : { name }) },
    subject: title,
    text: `${title}!\n\nYour account for ${email} is ready.\n`,
    html: layout(title, mailHtml`<p style="margin:0">Your account for <strong>${email}</strong> is ready.</p>`),
  }
}
