import { defineEffect } from './define-effect.ts'

/** A mail, handed to an SMTP server. */
export const email = defineEffect({
  kind: 'email',
  engine: 'mailbox',
  link: 'smtp',
  variable: 'SMTP_URL',
  defaultPorts: { 'smtp:': 587, 'smtps:': 465 },
  words: { about: 'SMTP', one: 'mail', many: 'mails', made: 'mail sent' },
})
