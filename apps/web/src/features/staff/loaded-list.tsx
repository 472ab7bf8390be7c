import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { SectionProblem } from '#ui/section-problem.tsx'
import { ListEnd } from './list-end.tsx'
import { WaitingRows } from './waiting-rows.tsx'

type Props<Item> = {
  query: UseInfiniteQueryResult<InfiniteData<{ items: Item[]; total: number | null }>>
  empty: ReactNode
  children: (items: Item[]) => ReactNode
}

/** A long list in all its states: on its way, failed, empty, here, and the way to the rest. */
export const LoadedList = <Item,>({ query, empty, children }: Props<Item>) => {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />
  if (!data) return <WaitingRows />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0) return empty
  return (
    <>
      {children(items)}
      <ListEnd
        shown={items.length}
        total={data.pages[0]?.total}
        hasMore={hasNextPage}
        busy={isFetchingNextPage}
        more={fetchNextPage}
      />
    </>
  )
}
