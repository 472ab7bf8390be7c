import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Shape } from '#lib/api.ts'
import { formatMoment, formatRating } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { reviewsQuery } from './api.ts'
import style from './reviews.module.css'

const MOST = 50

const Review = ({ review }: { review: Shape<'Review'> }) => {
  const { t } = useTranslation('film')
  const language = useLanguage()
  const [shown, setShown] = useState(!review.is_spoiler)
  return (
    <li className={style.review}>
      <p className={style.rating}>
        <span aria-hidden="true">★ {review.rating}</span>
        <span className="unseen">{t('rated', { rating: review.rating })}</span>
      </p>
      <div className={style.words}>
        <h3>{review.title}</h3>
        {shown ? (
          <p>{review.content}</p>
        ) : (
          <button type="button" className={style.reveal} onClick={() => setShown(true)}>
            {t('spoiler')}
          </button>
        )}
        <p className={style.author}>
          <span>{review.author_name ?? t('somebody')}</span>
          <span>{formatMoment(language, review.created_at)}</span>
          {review.is_verified_purchase && <span className={style.real}>✓ {t('real_visitor')}</span>}
        </p>
      </div>
    </li>
  )
}

/** What people who came thought of it. */
export const Reviews = ({ id, rating, atFirst }: { id: number; rating: number | null; atFirst: number }) => {
  const { t } = useTranslation('film')
  const language = useLanguage()
  const [all, setAll] = useState(false)
  const { data, error, refetch } = useQuery({ ...reviewsQuery(id, all ? MOST : atFirst), placeholderData: (before) => before })
  return (
    <section id="reviews" aria-labelledby="reviews-title" className={style.section}>
      <h2 id="reviews-title">
        {t('reviews')}
        {rating !== null && <span className={style.mean}> ★ {formatRating(language, rating)}</span>}
      </h2>
      {error !== null && <SectionProblem error={error} retry={() => void refetch()} />}
      {data?.total === 0 && <p className={style.none}>{t('no_reviews')}</p>}
      <ul className={style.list}>
        {data?.items.map((review) => (
          <Review key={review.id} review={review} />
        ))}
      </ul>
      {data && !all && (data.total ?? 0) > data.items.length && (
        <Button variant="default" size="md" className={style.more} onClick={() => setAll(true)}>
          {t('all_reviews', { count: data.total ?? 0 })}
        </Button>
      )}
    </section>
  )
}
