import { queryOptions, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'

import { api, unwrap } from '#lib/api.ts'
import { currentLanguage } from '#lib/i18n.ts'

const MINUTE_MS = 60_000

const ticketTypes = queryOptions({
  queryKey: ['ticket-types'],
  staleTime: 10 * MINUTE_MS,
  queryFn: async () => (await unwrap(api.GET('/api/v1/ticket-types', { params: { query: { size: 100 } } }))).items,
})

/** The name of a type of ticket in the language of the page; its code, or what else is given, while that is not known or when it is sold no more. */
export const useTypeName = () => {
  const { data } = useQuery(ticketTypes)
  return useCallback(
    (code: string, otherwise = code) => data?.find((type) => type.code === code)?.names[currentLanguage()] ?? otherwise,
    [data],
  )
}
