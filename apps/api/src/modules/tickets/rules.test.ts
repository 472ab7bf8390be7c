import { expect, test } from 'vitest'

import type { TicketStatus } from '#platform/db/types.gen.ts'
import { type DoorResult, doorSentences, judgeAtDoor, transitions } from './rules.ts'

type Case = Parameters<typeof judgeAtDoor>[0]
const shown: Case['session'] = { id: 7, hall_id: 3, status: 'scheduled', is_open: true }
const closed = { is_open: false }
const cancelled = { status: 'cancelled' }
const here = { session_id: 7, hall_id: 3 }
const force = { force: true }

/** The first word is the ticket's state, the last what the door answers; between them the session and what the door asks for. */
const CASES: [TicketStatus, Partial<Case['session']>, Case['asked'], DoorResult][] = [
  ['paid', {}, {}, 'ok'],
  ['paid', {}, here, 'ok'],
  ['paid', { status: 'rescheduled' }, here, 'ok'],
  ['paid', { status: 'finished' }, here, 'ok'],

  ['reserved', {}, here, 'unpaid'],
  ['reserved', {}, force, 'unpaid'],
  ['reserved', closed, { session_id: 8 }, 'unpaid'],

  ['expired', {}, here, 'cancelled'],
  ['cancelled', {}, here, 'cancelled'],
  ['refunded', {}, here, 'cancelled'],
  ['expired', {}, force, 'cancelled'],
  ['cancelled', {}, force, 'cancelled'],
  ['refunded', {}, force, 'cancelled'],

  // Its money is on the way back, so force opens nothing.
  ['paid', cancelled, here, 'cancelled'],
  ['paid', cancelled, force, 'cancelled'],
  ['paid', { ...cancelled, ...closed }, { session_id: 8, hall_id: 4 }, 'cancelled'],

  ['paid', {}, { session_id: 8 }, 'wrong_session'],
  ['paid', {}, { session_id: 8, hall_id: 4 }, 'wrong_session'],
  ['paid', closed, { session_id: 8 }, 'wrong_session'],
  ['paid', {}, { hall_id: 4 }, 'wrong_hall'],
  ['paid', closed, { session_id: 7, hall_id: 4 }, 'wrong_hall'],
  ['paid', closed, {}, 'wrong_time'],
  ['paid', closed, here, 'wrong_time'],
  ['paid', closed, { ...force, session_id: 8, hall_id: 4 }, 'ok'],

  ['used', {}, here, 'already_used'],
  ['used', {}, force, 'already_used'],
  ['used', cancelled, { session_id: 8 }, 'already_used'],
]

test.each(CASES)('R-121: a %s ticket of a session %j at a door that asks for %j is %s', (status, session, asked, result) => {
  expect(judgeAtDoor({ status, session: { ...shown, ...session }, asked })).toBe(result)
})

test('R-121: the table above knows every state of a ticket and every answer of a door', () => {
  expect(new Set(CASES.map(([status]) => status))).toEqual(new Set(Object.keys(transitions)))
  // What is unknown has no ticket to judge.
  expect(new Set(['unknown', ...CASES.map(([, , , result]) => result)])).toEqual(new Set(Object.keys(doorSentences)))
})
