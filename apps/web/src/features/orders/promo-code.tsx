import { Button } from '@mantine/core'
import { IconTicket, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { announce } from '#ui/announce.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { ORDER_REASONS } from './promotion-reasons.ts'
import { putCode, removeCode } from './reductions-api.ts'
import style from './reductions.module.css'
import type { PutProps } from './reductions.tsx'

const WHY = [
  'inactive',
  ...ORDER_REASONS,
  'limit_reached',
  'limit_per_user',
  'budget_spent',
  'unknown_code',
  'email_required',
  'too_many_tries',
] as const

const NO_SUCH = 422

/** Why a code takes nothing off, as a key of the texts. */
const wordsFor = (error: unknown) => {
  if (!isApiError(error)) return 'promo.failed'
  const codes = [error.code, ...error.errors.map(({ code }) => code)]
  const why = WHY.find((one) => codes.includes(`promotions.${one}`))
  if (why) return `promo.${why}` as const
  if (error.code === 'orders.payment_in_progress') return 'promo.paying'
  return error.status === NO_SUCH ? 'promo.unknown_code' : 'promo.failed'
}

const Applied = ({ order, busy, put }: PutProps) => {
  const { t } = useTranslation('orders')
  return (
    <p className={style.applied}>
      <IconTicket size={20} aria-hidden />
      <span>{t('promo.applied', { code: order.promo_code })}</span>
      <button
        type="button"
        disabled={busy}
        onClick={() => void put(() => removeCode(order.id)).catch(() => announce(t('promo.failed')))}
        aria-label={t('promo.remove', { code: order.promo_code })}
      >
        <IconX size={18} aria-hidden />
      </button>
    </p>
  )
}

/** Behind a link, so that nobody without a code goes looking for one. */
export const PromoCode = (props: PutProps) => {
  const { t } = useTranslation('orders')
  const { order, busy, put } = props
  const [open, setOpen] = useState(false)
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<string>()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (open) box.current?.querySelector('input')?.focus()
  }, [open])
  const submit = async () => {
    const typed = code.trim()
    if (typed === '') return setWrong(t('promo.empty'))
    setWrong(undefined)
    try {
      await put(() => putCode(order.id, typed))
      announce(t('promo.applied', { code: typed.toUpperCase() }))
      setOpen(false)
      setCode('')
    } catch (error) {
      setWrong(t(wordsFor(error)))
    }
    return undefined
  }
  if (order.promo_code !== null) return <Applied {...props} />
  if (!open)
    return (
      <button type="button" className={style.link} onClick={() => setOpen(true)}>
        {t('promo.open')}
      </button>
    )
  return (
    <div ref={box}>
      <Form onSubmit={submit} className={style.code}>
        <Field
          label={t('promo.label')}
          error={wrong}
          name="promo"
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          onChange={({ target }) => setCode(target.value)}
        />
        <Button type="submit" variant="default" loading={busy}>
          {t('promo.submit')}
        </Button>
      </Form>
    </div>
  )
}
