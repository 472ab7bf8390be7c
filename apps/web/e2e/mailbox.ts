import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { until } from './stage.ts'

const plain = (text: string) => text.replaceAll('=\r\n', '').replaceAll('=3D', '=')

/** Ids of mails begin with what they are about. */
const linkIn = (data: string, to: string, kind: string): string | undefined => {
  const folder = join(data, 'mail')
  const mails = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const mail = mails.find((text) => text.includes(`Message-ID: <${kind}.`) && text.includes(`To: ${to}`))
  return mail === undefined ? undefined : /\/account\/\w+\?token=[\w-]+/.exec(plain(mail))?.[0]
}

/** The path that the link in a mail leads to, as soon as the mail is there. */
export const mailedLink = async (data: string, to: string, kind: 'activation' | 'password_reset'): Promise<string> =>
  (await until(
    () => linkIn(data, to, kind),
    (link) => link !== undefined,
  )) ?? ''
