import { useTranslation } from 'react-i18next'

import { Dialog } from '#ui/dialog.tsx'
import { SearchBox } from './search-box.tsx'

/** The search over the page: type, arrow down, go. */
export const SearchDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation('search')
  return (
    <Dialog title={t('title')} open onClose={onClose}>
      <SearchBox onGone={onClose} />
    </Dialog>
  )
}
