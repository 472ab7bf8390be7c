import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import style from './staff.module.css'

type Props = { shown: number; total: number | null | undefined; hasMore: boolean; busy: boolean; more: () => unknown }

/** How much of a list is on the screen, and the way to the rest. */
export const ListEnd = ({ shown, total, hasMore, busy, more }: Props) => {
  const { t } = useTranslation('staff')
  return (
    <div className={style.end}>
      <p className={style.soft}>
        {total === null || total === undefined ? t('list.shown', { count: shown }) : t('list.of', { shown, total })}
      </p>
      {hasMore && (
        <Button variant="default" loading={busy} onClick={() => void more()}>
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}
