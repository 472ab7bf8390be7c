import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { CsvButton } from '../csv-button.tsx'
import desk from '../desk.module.css'
import { LoadedList } from '../loaded-list.tsx'
import style from '../staff.module.css'
import type { SalesSearch } from './api.ts'
import { type Choices, NothingFound, SalesFilters } from './sales-filters.tsx'
import { SalesFrame } from './sales-frame.tsx'

/** What is looked for, as the address has it. */
export const useSalesSearch = (): SalesSearch => useSearch({ strict: false })

export type Column<Item> = {
  head: string
  render: (item: Item) => ReactNode
  /** Digits under digits; a number is not broken either. */
  look?: 'tabular' | 'number'
  /** Nothing there: a phone leaves the line out. */
  isNone?: (item: Item) => boolean
}

type TableProps<Item> = { items: Item[]; columns: Column<Item>[] }

/** The first column names the row. */
const SalesTable = <Item extends { id: number }>({ items, columns: [first, ...columns] }: TableProps<Item>) => (
  <table className={style.table}>
    <thead>
      <tr>
        <th scope="col">{first?.head}</th>
        {columns.map(({ head }) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {items.map((item) => (
        <tr key={item.id}>
          <th scope="row">{first?.render(item)}</th>
          {columns.map(({ head, render, look, isNone }) => (
            <td key={head} className={look === 'number' ? desk.number : look} data-none={isNone?.(item)}>
              {render(item)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

type Props<Item> = {
  name: 'orders' | 'payments' | 'refunds' | 'receipts'
  query: UseInfiniteQueryResult<InfiniteData<{ items: Item[]; total: number | null }>>
  /** The whole list for a spreadsheet. */
  read: (search: SalesSearch) => Promise<Blob>
  byReference?: boolean
  choices: Choices[]
  columns: Column<Item>[]
}

/** A list of money: filters in the address, rows, the way to the rest and the file. */
export const SalesList = <Item extends { id: number }>({ name, query, read, byReference, choices, columns }: Props<Item>) => {
  const search = useSalesSearch()
  const navigate = useNavigate()
  const show = (next: (before: SalesSearch) => SalesSearch) =>
    void navigate({ to: `/staff/sales/${name}`, search: next, replace: true, resetScroll: false })
  return (
    <SalesFrame name={name} action={<CsvButton name={name} read={() => read(search)} />}>
      <SalesFilters
        search={search}
        {...(byReference && { byReference })}
        choices={choices}
        change={(part) => show((before) => ({ ...before, ...part }))}
      />
      <LoadedList query={query} empty={<NothingFound search={search} onReset={() => show(() => ({}))} />}>
        {(items) => <SalesTable items={items} columns={columns} />}
      </LoadedList>
    </SalesFrame>
  )
}

/** One of the states that a list can be narrowed to. */
export const useStates = <State extends string>(states: readonly State[], word: (state: State) => string): Choices => {
  const { t } = useTranslation('sales')
  return { name: 'status', label: t('column.state'), options: states.map((state) => [state, word(state)]) }
}
