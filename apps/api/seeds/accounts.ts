import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import accounts from './data/accounts.json' with { type: 'json' }
import { demoCinemas } from './halls.ts'

export const DEMO_PASSWORD = 'Marquee-demo-1'

const DOMAIN = 'marquee.test'
export const demoEmail = (username: string) => `${username}@${DOMAIN}`
const NO_PASSWORD = '!'

const viewers = accounts.viewers.map((name, index) => {
  const [first_name, last_name] = name.split(' ')
  const username = `viewer${String(index + 1).padStart(2, '0')}`
  return { username, first_name, last_name, role: 'customer', city: index % 3 === 2 ? 'Lviv' : 'Kyiv' }
})

/** The five who can sign in, the viewers who cannot but fill the halls, and where the staff works. */
export const seedAccounts = async (db: Db, hashedPassword: string): Promise<void> => {
  const users = [
    ...accounts.staff.map((user) => ({ ...user, hashed_password: hashedPassword })),
    ...viewers.map((user) => ({ ...user, hashed_password: NO_PASSWORD })),
  ]
  await sql`
    insert into users (username, email, hashed_password, first_name, last_name, role, city, is_active, is_verified, activated_at)
    select username, username || ${`@${DOMAIN}`}, hashed_password, first_name, last_name, role, city, true, true, app.now()
      from jsonb_to_recordset(${JSON.stringify(users)}::jsonb)
        as u (username text, hashed_password text, first_name text, last_name text, role user_role, city text)
    on conflict do nothing`.execute(db)
  const staffed = ['manager', 'cashier'].map(demoEmail)
  await sql`
    insert into staff_assignments (user_id, cinema_id)
    select u.id, c.id from users u, cinemas c
     where u.email = any(${staffed}::text[]) and c.name = any(${demoCinemas}::text[])
    on conflict do nothing`.execute(db)
}

export type Viewer = { id: number }

/** Those who buy the demo's tickets. */
export const readViewers = async (db: Db): Promise<Viewer[]> => {
  const emails = viewers.map(({ username }) => demoEmail(username))
  const { rows } = await sql<Viewer>`select id from users where email = any(${emails}::text[]) order by email`.execute(db)
  return rows
}
