import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { until } from './stage.ts'

const plain = (text: string) => text.replaceAll('=\r\n', '').replaceAll('=3D', '=')

/** Ids of mails begin with what they are about. */
const linkIn = (data: string, to: string, kind: string, link: RegExp): string | undefined => {
  const folder = join(data, 'mail')
  const mails = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const mail = mails.find((text) => text.includes(`Message-ID: <${kind}.`) && text.includes(`To: ${to}`))
  return mail === undefined ? undefined : link.exec(plain(mail))?.[0]
}

const LINKS = {
  activation: /\/account\/\w+\?token=[\w-]+/,
  password_reset: /\/account\/\w+\?token=[\w-]+/,
  order_paid: /\/order\/\w+\?key=[\w.-]+/,
}

/** The path that the link in a mail leads to, as soon as the mail is there. */
export const mailedLink = async (data: string, to: string, kind: keyof typeof LINKS): Promise<string> =>
  (await until(
    () => linkIn(data, to, kind, LINKS[kind]),
    (link) => link !== undefined,
  )) ?? ''
