import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

import { sql } from 'kysely'
import { Value } from 'typebox/value'

import { removeFactors as deleteFactors } from '#modules/auth/factors/totp.repository.ts'
import { houseWords } from '#modules/auth/passwords/password-strength.ts'
import { createPasswords } from '#modules/auth/passwords/passwords.ts'
import { endSignIns } from '#modules/auth/repository.ts'
import { UserCreate } from '#modules/users/schemas.ts'
import { createUsersService } from '#modules/users/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { type Config, configError } from '#platform/config.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'

type Opened = { config: Config; db: Db }
type Say = (sentence: string) => void

export const PASSWORD_VARIABLE = 'MARQUEE_ADMIN_PASSWORD'

/** Nobody reads a password off the screen. */
const askSilently = async (question: string): Promise<string> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(question)
  try {
    return await prompt.question('')
  } finally {
    prompt.close()
    process.stderr.write('\n')
  }
}

/** Never an argument: those can be read by everybody on the machine. */
const readPassword = async (): Promise<string> => {
  const given = process.env[PASSWORD_VARIABLE]
  if (given) return given
  if (process.stdin.isTTY) return askSilently('Password: ')
  return (await text(process.stdin)).split(/\r?\n/)[0] ?? ''
}

/** Makes an administrator out of nobody. */
export const createAdmin = async ({ db, config }: Opened, email: string, say: Say): Promise<void> => {
  const wish: UserCreate = { email, password: await readPassword() }
  const [problem] = Value.Errors(UserCreate, wish)
  if (problem) throw configError(`The ${problem.instancePath.slice(1)} ${problem.message}.`)
  const passwords = createPasswords(houseWords(config.PUBLIC_URL))
  await passwords.requireStrong(wish.password, wish)
  const hashed = await passwords.hash(wish.password)
  const id = await transaction(db, async (tx) => {
    const user = await createUsersService({ db: tx }).create(tx, wish, { hashed_password: hashed })
    const vouched = { role: 'admin', is_verified: true, activated_at: sql<Date>`app.now()` } as const
    await tx.updateTable('users').set(vouched).where('id', '=', user.id).execute()
    return user.id
  })
  say(`${email.trim().toLowerCase()} is an administrator now (user ${id}).`)
}

/** For whoever has lost the phone and the recovery codes, and has shown the operator who they are. */
export const removeFactors = async ({ db }: Pick<Opened, 'db'>, email: string, say: Say): Promise<void> => {
  const user = await transaction(db, async (tx) => {
    const found = await createUsersService({ db: tx }).findByEmail(tx, email)
    if (!found) throw configError(`Nobody has the e-mail ${email}.`)
    await deleteFactors(tx, found.id)
    await endSignIns(tx, found.id)
    await recordEvent(tx, { action: 'auth.factors_removed', object_kind: 'users', object_id: found.id, actor: 'operator' })
    return found
  })
  say(`${user.email} signs in with the password alone now, and was signed out everywhere.`)
}
