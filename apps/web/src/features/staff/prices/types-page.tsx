import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useLanguage } from '#lib/use-language.ts'
import { Dialog } from '#ui/dialog.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import desk from '../desk.module.css'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { WaitingRows } from '../waiting-rows.tsx'
import { type TicketType, typesQuery } from './api.ts'
import { PricesNav } from './prices-nav.tsx'
import { TypeForm } from './type-form.tsx'

const TypeRow = ({ type, onOpen }: { type: TicketType; onOpen: () => void }) => {
  const { t } = useTranslation(['prices', 'hall'])
  const language = useLanguage()
  return (
    <tr>
      <th scope="row">
        <button type="button" className={desk.open} data-row onClick={onOpen}>
          {type.names[language]}
        </button>
        <small>{type.who_may_buy[language]}</small>
      </th>
      <td>{type.percent_off === 0 ? t('prices:types.full') : t('prices:types.off', { percent: type.percent_off })}</td>
      <td>
        {type.seat_types === null
          ? t('prices:types.any_seat')
          : type.seat_types.map((seat) => t(`hall:legend.${seat as 'standard'}`)).join(', ')}
      </td>
      <td data-none={!type.needs_proof}>{type.needs_proof ? t('prices:types.proof') : '–'}</td>
      <td>
        <span className={style.state} data-state={type.is_active ? 'active' : 'inactive'}>
          {t(type.is_active ? 'prices:types.sold' : 'prices:types.retired')}
        </span>
      </td>
    </tr>
  )
}

const TypeTable = ({ types, onOpen }: { types: TicketType[]; onOpen: (type: TicketType) => void }) => {
  const { t } = useTranslation('prices')
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('types.type')}</th>
          <th scope="col">{t('types.price')}</th>
          <th scope="col">{t('types.seats')}</th>
          <th scope="col">{t('types.door')}</th>
          <th scope="col">{t('types.state')}</th>
        </tr>
      </thead>
      <tbody>
        {types.map((type) => (
          <TypeRow key={type.id} type={type} onOpen={() => onOpen(type)} />
        ))}
      </tbody>
    </table>
  )
}

const Types = () => {
  const { t } = useTranslation(['prices', 'staff'])
  const { cinema } = useSearch({ from: '/staff/prices/types' })
  const { data: types, error, refetch } = useQuery(typesQuery)
  const [open, setOpen] = useState<TicketType | 'new'>()
  const close = () => setOpen(undefined)
  return (
    <div className={style.page}>
      <title>{`${t('prices:nav.types')} · Marquee`}</title>
      <header className={style.head}>
        <h1>{t('staff:nav.prices')}</h1>
        <Button onClick={() => setOpen('new')}>{t('prices:types.create')}</Button>
      </header>
      <PricesNav cinema={cinema} />
      <h2>{t('prices:nav.types')}</h2>
      <p className={style.note}>{t('prices:types.chain')}</p>
      {error && !types && <SectionProblem error={error} retry={() => void refetch()} />}
      {!types && !error && <WaitingRows />}
      {types && <TypeTable types={types} onOpen={setOpen} />}
      <Dialog
        title={t(open === 'new' ? 'prices:types.new' : 'prices:types.change')}
        open={open !== undefined}
        onClose={close}
        wide
      >
        {open !== undefined && <TypeForm type={open === 'new' ? undefined : open} onClose={close} />}
      </Dialog>
    </div>
  )
}

export const TypesPage = () => (useMay('prices.write') ? <Types /> : <NotYours />)
