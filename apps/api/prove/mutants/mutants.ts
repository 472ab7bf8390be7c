/** A guard taken out of the source, and the proof that must notice. */
export type Mutant = {
  name: string
  file: string
  /** Each must match exactly once. */
  patches: [find: RegExp, replace: string][]
  suite: string
  /** How much of the whole race is needed to miss the guard. */
  rounds: number
  /** The test that turns red, and what its failure says. */
  test: string
  because: RegExp
  env?: Record<string, string>
}

const SEATS = 'src/modules/seats/repository.ts'
const SETTLE = 'src/modules/checkout/pay/settle.ts'
const RACES = 'prove/races/races.test.ts'
const SIMULATION = 'prove/simulation/simulation.test.ts'
/** The same few lives each time, and no time spent on making the failure small. */
const FEW_LIVES = { PROVE_SEEDS: '10', PROVE_SHRINK: 'off' }

export const mutants: Mutant[] = [
  {
    name: 'a hold takes any claim, live or sold',
    file: 'src/modules/checkout/reserve/reserve.statement.ts',
    patches: [[/\n\s*where seat_claims\.state = 'held' and seat_claims\.expires_at <= app\.now\(\)\n/, '\n']],
    suite: RACES,
    rounds: 0.5,
    test: 'Q-05 race: reserve against reserve, the same seats sorted and reversed',
    because: /sorted:ok reversed:ok/,
  },
  {
    name: 'an expired order frees the seats of its tickets, whosever they are now',
    file: SEATS,
    patches: [
      [
        /(const releaseHeld = [\s\S]*?where )order_id = any\(\$\{orderIds\}\) and state = 'held'/,
        `$1(session_id, seat_id) in (select session_id, seat_id from tickets where order_id = any(\${orderIds})) and state = 'held'`,
      ],
      [/(const releaseHeld = [\s\S]*?) and c\.order_id = any\(\$\{orderIds\}\) and c\.state = 'held'/, '$1'],
    ],
    suite: RACES,
    rounds: 0.5,
    test: 'Q-05 race: take-over against the sweeper',
    because: /reserve:ok sweep:ok → [01] seats/,
  },
  {
    name: 'late money sells the seats of its tickets, whosever they are now',
    file: SEATS,
    patches: [
      [
        /(const sellHeld = [\s\S]*?where )order_id = \$\{orderId\} and state = 'held'/,
        `$1(session_id, seat_id) in (select session_id, seat_id from tickets where order_id = \${orderId}) and state = 'held'`,
      ],
      [/(const sellHeld = [\s\S]*?) and c\.order_id = \$\{orderId\} and c\.state = 'held'/, '$1'],
    ],
    suite: RACES,
    rounds: 0.5,
    test: 'Q-05 race: late money against take-over',
    because: /reserve:ok settle:ok → paid/,
  },
  {
    name: 'a reservation does not look at its session when it writes',
    file: 'src/modules/checkout/reserve/reserve.statement.ts',
    patches: [[/\n\s*for key share\n/, '\n']],
    suite: RACES,
    rounds: 0.5,
    test: 'Q-05 race: reserve against the cancellation of the session',
    because: /reserve:ok close:ok → [1-9] claims/,
  },
  {
    name: 'claims are locked in an order of one’s own, and slowly enough to meet',
    file: SEATS,
    patches: [
      [
        /(const hold = [\s\S]*?order by )w\.session_id, w\.seat_id/,
        '$1case when o.id % 2 = 0 then w.seat_id else -w.seat_id end',
      ],
      [
        /(const hold = [\s\S]*?w\.ticket_id, )o\.expires_at/,
        '$1o.expires_at + make_interval(secs => length(pg_sleep(0.005)::text))',
      ],
    ],
    suite: RACES,
    rounds: 0.15,
    test: 'Q-05 race: adding seats to an order against adding them to another, in opposite order',
    because: /deadlocks: expected/,
  },
  {
    name: 'nobody locks the order',
    file: 'src/modules/orders/repository.ts',
    patches: [[/\n\s*\.forUpdate\(\)/, '']],
    suite: 'prove/races/limits.test.ts',
    rounds: 1,
    test: 'Q-05 an order never gets two pending payments, however often the buyer taps',
    because: /23505/,
  },
  {
    name: 'money is settled as often as it is told',
    file: SETTLE,
    patches: [[/\n\s*return 'repeated'\n(\s*await payments\.closeAlarms)/, '\n      void 0\n$1']],
    suite: SIMULATION,
    rounds: 1,
    env: FEW_LIVES,
    test: 'Q-09 10 lives of a cinema',
    because: /Seed \d+ fails/,
  },
  {
    name: 'money that comes late is taken and forgotten',
    file: SETTLE,
    patches: [[/(\n\s*)(const kept_minor = )/, "$1if (order.is_overdue || order.status === 'expired') return 'repeated'$1$2"]],
    suite: SIMULATION,
    rounds: 1,
    env: FEW_LIVES,
    test: 'Q-09 10 lives of a cinema',
    because: /Seed \d+ fails/,
  },
  {
    name: 'seats that are gone keep their money',
    file: SETTLE,
    patches: [[/\n\s*await parts\.returnAll\(tx, \[order\.id\], 'seats_gone'\)/, '']],
    suite: RACES,
    rounds: 0.5,
    test: 'Q-05 race: late money against take-over',
    because: /violat|forbidden/,
  },
  {
    name: 'a promotion is used without being used up',
    file: 'migrations/0049_shares_from_a_point.sql',
    patches: [[/(update promotion_shares set uses_left = uses_left) - wanted/, '$1']],
    suite: 'src/modules/promotions/limits.test.ts',
    rounds: 1,
    test: 'Q-42 of eight who use a promotion at once, no more get it than its limit',
    because: /expected/,
  },
]
