import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { eventually } from './processes.ts'

const decode = (text: string) =>
  Buffer.from(
    text
      .replaceAll(/=\r\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

export type Letter = { to: string; subject: string; id: string; text: string; token: string }

const read = (raw: string): Letter => {
  const header = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'im').exec(raw)?.[1]?.trim() ?? ''
  const text = decode(/content-type: text\/plain[^]*?\r\n\r\n([^]*?)\r\n--/i.exec(raw)?.[1] ?? '')
  const token = /token=([\w-]+)/.exec(text)?.[1] ?? ''
  return { to: header('To'), subject: header('Subject'), id: header('Message-ID'), text, token }
}

/** The mails of a server that writes them as files, English ones. */
export const openMailbox = (directory: string) => {
  const all = () =>
    readdirSync(join(directory, 'mail'))
      .filter((name) => name.endsWith('.eml'))
      .map((name) => read(readFileSync(join(directory, 'mail', name), 'utf8')))
  const find = (to: string, kind: string) => all().filter((letter) => letter.to === to && letter.id.startsWith(`<${kind}.`))
  return {
    all,
    find,
    /** Waits until there are so many of a kind for this address. */
    expect: async (to: string, kind: string, count = 1): Promise<Letter[]> =>
      eventually(
        () => find(to, kind),
        ({ length }) => length >= count,
      ),
  }
}
