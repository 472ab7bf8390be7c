import { isIP } from 'node:net'

import { invalid } from '#platform/errors.ts'
import { isCommon } from './common-passwords.ts'

const PASSPHRASE_LENGTH = 15
/** Shorter words stand in every other password by chance. */
const SHORTEST_WORD = 4
/** So many letters a password has beside words that anybody could guess. */
const LEAST_OF_ITS_OWN = 4

/** What is known of whoever takes the password. */
export type About = {
  email?: string | undefined
  username?: string | undefined
  full_name?: string | undefined
  first_name?: string | undefined
  last_name?: string | undefined
}

/** What the house is called, as far as its address tells: `tickets.planeta.example` has two words. */
export const houseWords = (publicUrl: string): string[] => {
  const { hostname } = new URL(publicUrl)
  return hostname === 'localhost' || isIP(hostname.replaceAll(/[[\]]/g, '')) > 0 ? [] : hostname.split('.').slice(0, -1)
}

const wordsOf = ({ email, username, full_name, first_name, last_name }: About): string[] =>
  [email?.split('@')[0], username, full_name, first_name, last_name].flatMap((text = '') => [text, ...text.split(/[^\p{L}]+/u)])

/** Whether little is left when the words that anybody could guess are taken out. */
const isGuessable = (password: string, words: string[]): boolean => {
  const text = password.toLowerCase()
  const known = words.map((word) => word.trim().toLowerCase()).filter((word) => word.length >= SHORTEST_WORD)
  const rest = known.toSorted((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ''), text)
  return rest !== text && rest.replaceAll(/[^\p{L}]/gu, '').length < LEAST_OF_ITS_OWN
}

/**
 * Either long, or with an upper and a lower case letter, a digit and a special character; not what everybody takes, nor what
 * those who know the person or the house would try first.
 */
export const createStrength =
  (house: string[]) =>
  async (password: string, about: About = {}, pointer = '/password'): Promise<void> => {
    if (await isCommon(password)) throw invalid(pointer, 'This is one of the most common passwords.', 'auth.common_password')
    if (isGuessable(password, [...house, ...wordsOf(about)]))
      throw invalid(
        pointer,
        'This is little more than your name, your e-mail or the name of the cinema. Add something of your own.',
        'auth.guessable_password',
      )
    if (password.length >= PASSPHRASE_LENGTH) return
    if ([/\p{Lu}/u, /\p{Ll}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].every((kind) => kind.test(password))) return
    throw invalid(
      pointer,
      'A password has upper and lower case letters, a digit and a special character, or at least 15 characters.',
      'auth.weak_password',
    )
  }
