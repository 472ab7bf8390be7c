import { type Db, type Tx, violated } from '#platform/db/kysely.ts'
import { emailAddress } from '#platform/text.ts'
import * as repository from './account.repository.ts'
import { emailTaken, lastAdmin } from './errors.ts'
import { lockWithAdmins } from './staff.repository.ts'

/** What happens to an account as a whole. Each takes the transaction of whoever has checked that it may. */
export const createUserAccount = ({ db }: { db: Db }) => ({
  findByEmail: (tx: Db, email: string) => repository.findByEmail(tx, emailAddress(email)),
  findAccount: (id: number) => repository.findAccount(db, id),
  lockAccount: repository.lockAccount,
  lockSecret: repository.lockSecret,
  /** Locks an account that is about to go. The last who may give and take access stays. Answers who else may, at this moment. */
  lockLeaving: async (tx: Tx, id: number): Promise<number[]> => {
    const { admins } = await lockWithAdmins(tx, id)
    if (admins.length === 1 && admins[0] === id) throw lastAdmin()
    return admins
  },
  activate: repository.activate,
  deactivate: repository.deactivate,
  setPassword: repository.setPassword,
  replaceHash: (id: number, was: string, becomes: string) => repository.replaceHash(db, id, was, becomes),
  setVerified: repository.setVerified,
  changeEmail: async (tx: Db, id: number, email: string) => {
    try {
      await repository.setEmail(tx, id, email)
    } catch (error) {
      if (violated(error) === 'users_email') throw emailTaken()
      throw error
    }
  },
  /** The hash of the password; none when the account is gone. */
  secretOf: (id: number) => repository.findSecret(db, id),
  /** Where and in which language a person is written to; nobody when the account is gone. */
  addresseeOf: (id: number) => repository.findAddressee(db, id),
})
