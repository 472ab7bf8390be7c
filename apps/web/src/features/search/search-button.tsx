import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

type Props = { className?: string; children: ReactNode }

const load = () => import('./search-dialog.tsx')
const SearchDialog = lazy(async () => ({ default: (await load()).SearchDialog }))

/** Opens the search over any page; what it needs comes with the first touch. */
export const SearchButton = ({ className, children }: Props) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const warm = () => void load()
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={t('header.search')}
        title={t('header.search')}
        onPointerEnter={warm}
        onFocus={warm}
        onClick={() => setOpen(true)}
      >
        {children}
      </button>
      {open && (
        <Suspense>
          <SearchDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
