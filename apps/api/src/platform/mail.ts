import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { createTransport } from 'nodemailer'

import type { Config } from './config.ts'

export type Mail = {
  to: string
  subject: string
  text: string
  html: string
  /** Stable for the same mail, so that a repeat after a crash can be told from a new one. */
  message_id: string
  attachments?: { filename: string; content: Buffer; contentType: string; cid?: string }[]
}

export type Mailer = { send: (mail: Mail) => Promise<void>; close: () => void }

const TIMEOUT_MS = 10_000

/** The first mail loads what sends mails: most starts are over long before. */
const openedLater = (...how: Parameters<typeof createTransport>) => {
  let opening: Promise<ReturnType<typeof createTransport>> | undefined
  return {
    open: () => (opening ??= import('nodemailer').then((nodemailer) => nodemailer.createTransport(...how))),
    close: () => void opening?.then((transport) => transport.close()),
  }
}

const smtpMailer = (url: string, from: string): Mailer => {
  const { open, close } = openedLater(url, {
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  } as never)
  return {
    send: async ({ message_id, ...mail }) => {
      const transport = await open()
      await transport.sendMail({ from, messageId: message_id, ...mail })
    },
    close,
  }
}

/** Without a mail server each mail becomes a file; sending it again writes the same file. */
const fileMailer = (directory: string, from: string): Mailer => {
  const { open, close } = openedLater({ streamTransport: true, buffer: true } as never)
  mkdirSync(directory, { recursive: true })
  return {
    send: async ({ message_id, ...mail }) => {
      const transport = await open()
      const { message } = (await transport.sendMail({ from, messageId: message_id, ...mail })) as { message: Buffer }
      const name = createHash('sha256').update(message_id).digest('hex').slice(0, 24)
      const draft = join(directory, `.${name}.${process.pid}`)
      await writeFile(draft, message)
      await rename(draft, join(directory, `${name}.eml`))
    },
    close,
  }
}

export const createMailer = ({ SMTP_URL, MAIL_FROM, DATA_DIR }: Pick<Config, 'SMTP_URL' | 'MAIL_FROM' | 'DATA_DIR'>): Mailer =>
  SMTP_URL ? smtpMailer(SMTP_URL, MAIL_FROM) : fileMailer(join(DATA_DIR, 'mail'), MAIL_FROM)
