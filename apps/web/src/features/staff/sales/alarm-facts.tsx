import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import style from '../staff.module.css'
import type { Alarm } from './api.ts'

const PROBLEMS = [
  'unknown_charge',
  'unknown_refund',
  'given_up',
  'amount_differs',
  'refund_differs',
  'refund_given_up',
  'missing',
  'refund_missing',
] as const

/** In minor units, all of them. */
const AMOUNTS = ['amount_minor', 'asked_minor', 'captured_minor', 'theirs'] as const
const NAMES = [...AMOUNTS, 'payment_reference', 'refund_id', 'code', 'reason', 'status'] as const

/** Said by the problem, by a sum or above already. */
const ELSEWHERE = new Set(['problem', 'kind', 'currency', 'reference'])

const MINOR = 100
const CURRENCY = 'UAH'

const wordsOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** What the server noted of an alarm: sums as money, and names that we know in words. What is new is shown as it came. */
export const AlarmFacts = ({ alarm: { detail, reference } }: { alarm: Alarm }) => {
  const { t } = useTranslation('sales')
  const problem = PROBLEMS.find((one) => one === detail['problem'])
  const currency = typeof detail['currency'] === 'string' ? detail['currency'] : CURRENCY
  const facts = Object.entries(detail).filter(
    ([name, value]) => value !== null && value !== reference && !(ELSEWHERE.has(name) && (name !== 'problem' || problem)),
  )
  const nameOf = (name: string) => {
    const known = NAMES.find((one) => one === name)
    return known ? t(`fact.${known}`) : name
  }
  const isAmount = (name: string) => AMOUNTS.some((one) => one === name)
  return (
    <>
      {problem && <p>{t(`problem.${problem}`)}</p>}
      {facts.length > 0 && (
        <dl className={style.traces}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{nameOf(name)}</dt>
              <dd>{isAmount(name) && typeof value === 'number' ? money(value / MINOR, currency) : wordsOf(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
