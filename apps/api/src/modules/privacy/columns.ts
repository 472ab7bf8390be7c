import { sql } from 'kysely'

import { benefitTables } from './benefit-columns.ts'
import {
  actorOf,
  erase,
  keep,
  ofOrder,
  ofPayment,
  ofTicket,
  ofUser,
  type PersonalTable,
  pseudonymise,
  secret,
} from './classes.ts'
import { signInTables } from './sign-in-columns.ts'

const THE_ACCOUNT = 'the account is erased'
const FOREVER = 'whoever keeps the books deletes it; nothing here deletes sales'
const CONTACT = 'PRIVACY_CONTACT_DAYS after the last session'

const MINE = keep('A number that leads to a row without a name.')
const BOOKS = keep('What was sold and paid: the law wants it kept, and it names nobody.')
const gone = erase('Of no use without the account.')
const typed = pseudonymise(`'erased'`, 'Free text may say anything.')

/**
 * Every column that tells something of a person, what becomes of it when the account is erased, and until when it is kept.
 * The export and the erasure are read from here, and a test holds it against the migrated database. The order is the order
 * in which an erasure goes.
 */
export const personal: Record<string, PersonalTable> = {
  user_profiles: {
    mine: ofUser,
    rows: 'go',
    until: THE_ACCOUNT,
    columns: { user_id: gone, bio: gone, gender: gone, date_of_birth: gone, avatar_key: gone },
    plain: '',
  },
  ...signInTables,
  idempotency_keys: {
    mine: (person) => sql<boolean>`actor = ${actorOf(person)}`,
    rows: 'go',
    until: '24 hours have passed',
    columns: { actor: gone, key: gone, path: gone, body_hash: secret(gone) },
    plain: 'method status resource_kind resource_id',
  },
  review_votes: {
    mine: ofUser,
    rows: 'go',
    until: THE_ACCOUNT,
    columns: { user_id: gone, is_helpful: gone },
    plain: 'review_id',
  },
  reviews: {
    mine: ofUser,
    rows: 'go',
    until: THE_ACCOUNT,
    columns: {
      user_id: gone,
      title: gone,
      content: gone,
      rating: gone,
      moderation_reason: gone,
      moderated_by: keep('On reviews of others: which of the staff decided. A number.'),
    },
    plain: 'movie_id is_spoiler status is_approved submitted_at',
  },
  staff_assignments: { mine: ofUser, rows: 'go', until: THE_ACCOUNT, columns: { user_id: gone }, plain: 'cinema_id' },
  reports: {
    mine: ({ id }) => sql<boolean>`requested_by = ${id}`,
    rows: 'stay',
    until: 'REPORTS_KEPT_DAYS',
    columns: { requested_by: erase('The report is of the house, whoever asked for it.', 'null') },
    plain: 'kind format from_day to_day cinema_id status content error generated_at cinema_ids',
  },
  orders: {
    mine: ofUser,
    rows: 'stay',
    until: `${FOREVER}; the address until ${CONTACT}`,
    columns: {
      user_id: MINE,
      guest_id: keep('A random number; of a guest nothing else is known.'),
      email: erase('Where the tickets were sent.', 'null'),
      locale: erase('In which language they were.', `'uk'`),
      reference: BOOKS,
      total_minor: BOOKS,
    },
    plain:
      'status currency subtotal_minor discount_minor fees_minor tax_minor expires_at extended_at paid_at rules promo_code tax_included_minor trace',
  },
  order_items: {
    mine: ofOrder,
    rows: 'stay',
    until: FOREVER,
    columns: { title: BOOKS, total_minor: BOOKS },
    plain: 'order_id kind session_id ticket_id movie_id price_minor discount_minor trace canceled_at cancellation_id',
  },
  tickets: {
    mine: ofUser,
    rows: 'stay',
    until: FOREVER,
    columns: {
      user_id: MINE,
      booking_reference: keep('Opens the door on paper; the holder may still want to go.'),
      qr_code: keep('The same, signed: it holds numbers only.'),
      payment_method: BOOKS,
    },
    // Who a ticket is for says no more of a person than what it cost.
    plain:
      'session_id seat_id order_id seat_row seat_number seat_type ticket_type price_minor discount_minor final_price_minor status booking_time',
  },
  ticket_events: {
    mine: ofTicket,
    rows: 'stay',
    until: FOREVER,
    columns: { actor: keep('The history of a ticket is complete or worth nothing. A number.'), reason: typed },
    plain: 'ticket_id status',
  },
  check_ins: {
    mine: ofTicket,
    rows: 'stay',
    until: FOREVER,
    columns: {
      actor: keep('Which of the staff let somebody in. A number.'),
      reason: typed,
      scanned_at: keep('Whether a ticket was used decides whether it is paid back.'),
    },
    plain: 'ticket_id direction device nonce forced ended_at',
  },
  ...benefitTables,
  payments: {
    mine: ofOrder,
    rows: 'stay',
    until: FOREVER,
    columns: {
      amount_minor: BOOKS,
      method: BOOKS,
      provider_reference: keep('Without it no money can be given back.'),
      client_secret: secret(erase('Confirms a payment that is over.', 'null')),
      redirect_url: secret(erase('Where a payment went on that is over.', 'null')),
    },
    plain: 'order_id provider currency status is_external failure_code last_asked_at captured_at reconciled_at',
  },
  refunds: {
    mine: ofPayment,
    rows: 'stay',
    until: FOREVER,
    columns: { amount_minor: BOOKS, reason: typed, provider_reference: BOOKS },
    plain: 'payment_id status failure_code attempts retries cancellation_id fees_minor reconciled_at',
  },
  exchanges: {
    mine: ({ id }) => sql<boolean>`old_order_id in (select id from orders where user_id = ${id})`,
    rows: 'stay',
    until: FOREVER,
    columns: { actor: keep('Who exchanged tickets. A number.'), reason: typed, credit_minor: BOOKS },
    plain: 'old_order_id new_order_id done_at',
  },
  cancellations: {
    mine: ofOrder,
    rows: 'stay',
    until: FOREVER,
    columns: { actor: keep('Who gave tickets back, or let it be. A number.'), reason: typed, refund_minor: BOOKS },
    plain:
      'order_id is_beyond_policy items_minor fees_minor tax_minor kept_fees_minor kept_tax_minor lost_discount_minor charge_minor',
  },
  payment_alarms: {
    mine: ({ id }) => sql<boolean>`resolved_by = ${id}`,
    rows: 'stay',
    until: FOREVER,
    columns: { resolved_by: keep('Which of the staff has looked after it. A number.'), resolution: typed },
    plain: 'payment_id kind detail reference resolved_at',
  },
  mail_log: {
    mine: ofOrder,
    rows: 'stay',
    until: CONTACT,
    columns: { recipient: pseudonymise(`''`, 'That a mail left is a proof; to which address is not.') },
    plain: 'order_id kind message_id sent_at',
  },
  session_cancellations: {
    mine: (person) => sql<boolean>`actor = ${actorOf(person)}`,
    rows: 'stay',
    until: FOREVER,
    columns: {
      actor: keep('Which of the staff cancelled. A number.'),
      reason: keep('For the records of the house.'),
      notice: keep('Told to those who had tickets.'),
    },
    plain: 'session_id tickets_total emptied_at',
  },
  session_moves: {
    mine: (person) => sql<boolean>`actor = ${actorOf(person)}`,
    rows: 'stay',
    until: FOREVER,
    columns: { actor: keep('Which of the staff moved it. A number.'), notice: keep('Told to those who had tickets.') },
    plain: 'session_id old_start_time new_start_time',
  },
  session_swaps: {
    mine: (person) => sql<boolean>`actor = ${actorOf(person)}`,
    rows: 'stay',
    until: FOREVER,
    columns: { actor: keep('Which of the staff swapped the hall. A number.'), notice: keep('Told to those who had tickets.') },
    plain: 'session_id old_hall_id new_hall_id',
  },
  audit_log: {
    mine: ({ id }) =>
      sql<boolean>`(actor = ${`u:${id}`} or object_kind in ('users', 'staff_assignments') and object_id = ${String(id)})`,
    rows: 'stay',
    until: 'the house closes: entries are only ever added, and hold each other in a chain',
    columns: {
      actor: keep('Who did it. A number; only staff, and those who try doors, are written down.'),
      ip: keep('From where staff acted; without it a stolen account cannot be told.'),
      before: keep('What stood there: of people only role and state, never a word about them.'),
      after: keep('What stands there since: the same.'),
      object_id: keep('A number that leads to a row without a name.'),
    },
    plain: 'at role action object_kind operation request_id',
  },
  users: {
    mine: ({ id }) => sql<boolean>`id = ${id}`,
    rows: 'stay',
    until: THE_ACCOUNT,
    columns: {
      username: pseudonymise(`'erased-' || gen_random_uuid()`, 'Each account has one.'),
      email: pseudonymise(
        `'erased-' || gen_random_uuid() || '@erased.invalid'`,
        'Each account has one; mail to .invalid goes nowhere.',
      ),
      hashed_password: secret(pseudonymise(`'!'`, 'No password fits it.')),
      first_name: erase('A name.', `''`),
      last_name: erase('A name.', `''`),
      phone: erase('A number to call.', 'null'),
      address: erase('A place.', 'null'),
      city: erase('A place.', 'null'),
      postal_code: erase('A place.', 'null'),
      locale: erase('A language.', `'uk'`),
      role: erase('What somebody did here.', `'customer'`),
      last_login_at: erase('A habit.', 'null'),
      failed_login_count: erase('A habit.', '0'),
      locked_until: erase('A habit.', 'null'),
      is_verified: erase('The address is gone.', 'false'),
      marketing_consent: erase('Nobody is written to.', 'false'),
      marketing_consent_at: erase('Nobody is written to.', 'null'),
    },
    plain: 'is_active activated_at deactivated_at erased_at',
  },
}
