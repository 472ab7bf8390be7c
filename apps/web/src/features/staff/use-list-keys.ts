import { type RefObject, useEffect } from 'react'

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog[open]') !== null

/** Keys of a list: "/" to the search, arrows from row to row. Enter opens a row by itself, as it is a link. */
export const useListKeys = (page: RefObject<HTMLElement | null>) => {
  useEffect(() => {
    const rowsOf = () => [...(page.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const step = (by: number) => {
      const rows = rowsOf()
      const at = rows.findIndex((row) => row === document.activeElement)
      const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by]
      next?.focus()
      next?.scrollIntoView({ block: 'nearest' })
    }
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === '/') page.current?.querySelector<HTMLElement>('input[type="search"]')?.focus()
      else if (event.key === 'ArrowDown' || event.key === 'j') step(1)
      else if (event.key === 'ArrowUp' || event.key === 'k') step(-1)
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [page])
}
