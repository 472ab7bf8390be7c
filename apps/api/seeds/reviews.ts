import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { readViewers } from './accounts.ts'
import reviews from './data/reviews.json' with { type: 'json' }
import { createRandom } from './random.ts'

const HOUR = 3_600_000
const OLDEST_HOURS = 40 * 24
const WAITING_HOURS = 20
const MOST_VOTES = 6

type Viewers = Awaited<ReturnType<typeof readViewers>>

/** Who found a review helpful: some of the other viewers, the same ones each time. */
const votesOf = (title: string, author: number | undefined, viewers: Viewers) => {
  const random = createRandom(`votes ${title}`)
  const others = random.shuffle(viewers.filter(({ id }) => id !== author)).slice(0, random.int(0, MOST_VOTES))
  return others.map(({ id }) => ({ user_id: id, is_helpful: random.chance(0.8) }))
}

const plan = (viewers: Viewers, now: Date) =>
  reviews.map(({ viewer, ...review }) => {
    const user_id = viewers[viewer - 1]?.id
    const isShown = review.status === 'approved'
    const hours = createRandom(`written ${review.title}`).int(1, isShown ? OLDEST_HOURS : WAITING_HOURS)
    const written_at = new Date(now.getTime() - hours * HOUR)
    return { ...review, user_id, written_at, votes: isShown ? votesOf(review.title, user_id, viewers) : [] }
  })

/** What the demo's viewers think, a few of them not yet looked at by a moderator. */
export const seedReviews = async (db: Db, now: Date): Promise<void> => {
  const rows = JSON.stringify(plan(await readViewers(db), now))
  await sql`
    with given as (
      select * from jsonb_to_recordset(${rows}::jsonb)
        as r (movie text, user_id bigint, rating smallint, title text, content text, spoiler boolean, status review_status,
              reason text, written_at timestamptz, votes jsonb)
    ), written as (
      insert into reviews (movie_id, user_id, rating, title, content, is_spoiler, status, moderation_reason, submitted_at,
                           created_at, updated_at)
      select distinct on (r.user_id, m.id) m.id, r.user_id, r.rating, r.title, r.content, r.spoiler, r.status, r.reason,
             r.written_at, r.written_at, r.written_at
        from given r join movies m on m.title = r.movie
       where r.user_id is not null
       order by r.user_id, m.id
      returning id, user_id, title, created_at
    )
    insert into review_votes (review_id, user_id, is_helpful, created_at, updated_at)
    select w.id, v.user_id, v.is_helpful, w.created_at, w.created_at
      from written w join given r on r.user_id = w.user_id and r.title = w.title
      cross join lateral jsonb_to_recordset(r.votes) as v (user_id bigint, is_helpful boolean)`.execute(db)
  await sql`
    insert into movie_scores (movie_id, ratings_count, ratings_sum)
    select movie_id, count(*), sum(rating) from reviews where is_approved group by movie_id
    on conflict (movie_id) do update set ratings_count = excluded.ratings_count, ratings_sum = excluded.ratings_sum`.execute(db)
}
