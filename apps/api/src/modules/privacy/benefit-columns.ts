import { sql } from 'kysely'

import { erase, keep, ofOrder, ofUser, type PersonalTable } from './classes.ts'

const THE_ACCOUNT = 'the account is erased'
const FOREVER = 'whoever keeps the books deletes it; nothing here deletes sales'
const BOOKS = keep('What was sold and paid: the law wants it kept, and it names nobody.')
const gone = erase('Of no use without the account.')

/** What made somebody's orders cheaper. Uses stay in the books; points are nobody's once the person is gone. */
export const benefitTables: Record<string, PersonalTable> = {
  promotion_holders: {
    mine: ({ id }) => sql<boolean>`holder in (
      select unnest(u.holders) from promotion_uses u join orders o on o.id = u.order_id where o.user_id = ${id})`,
    rows: 'go',
    until: THE_ACCOUNT,
    columns: { holder: gone },
    plain: 'promotion_id uses',
  },
  promotion_uses: {
    mine: ofOrder,
    rows: 'stay',
    until: FOREVER,
    columns: { holders: erase('As whom a use was counted.', `'{}'`), amount_minor: BOOKS },
    plain: 'promotion_id order_id code state',
  },
  loyalty_redemptions: {
    mine: ofUser,
    rows: 'go',
    until: THE_ACCOUNT,
    columns: { user_id: gone, points: gone },
    plain: 'order_id amount_minor state',
  },
  loyalty_entries: {
    mine: ofUser,
    rows: 'go',
    until: THE_ACCOUNT,
    columns: { user_id: gone, points: gone, amount_minor: gone },
    plain: 'kind order_id expires_at',
  },
  loyalty_accounts: {
    mine: ofUser,
    rows: 'go',
    until: THE_ACCOUNT,
    columns: { user_id: gone, points: gone },
    plain: 'reserved expired_until',
  },
}
