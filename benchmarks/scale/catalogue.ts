import { HALL_ROWS, HALL_SEATS, PAST_DAYS, ROW_SEATS, type Shape, SLOTS_A_DAY, UPCOMING_DAYS } from './shape.ts'

/** A number from 0 to 1 that hangs on nothing but its arguments: the same size gives the same cinema. */
export const LUCK = `create function pg_temp.luck(what bigint, salt bigint) returns float8 language sql immutable parallel safe
  return (hashint8extended(what, salt) & 1048575)::float8 / 1048576`

const words = (text: string) => `(array['${text.trim().split(/\s+/).join("','")}'])`

const ADJECTIVES = words(`Silent Golden Broken Distant Crimson Hidden Frozen Burning Forgotten Endless Gentle Savage Paper Velvet
  Hollow Restless Northern Electric Wandering Bitter Lonely Secret Shining Fallen Ancient Quiet Wild Second Midnight Scarlet
  Iron Glass Lost Tender Stolen Painted Rising Sleeping Seventh Last`)
const NOUNS = words(`Harbour Garden River Winter Letter Mirror Station Orchard Voyage Shadow Kingdom Bridge Summer Lantern Horizon
  Promise Island Carnival Machine Forest Lullaby Signal Empire Daughter Stranger Castle Ocean Window Circus Witness Train
  Mountain Secret Painter Storm Hotel Detective Valley Clock Violin Border Comet Wolf Museum Bakery Pilot Archive Tower Canal Sparrow`)
const UK_ADJECTIVES = words(`Тихий Золотий Зламаний Далекий Прихований Крижаний Забутий Безкрайній Лагідний Останній`)
const UK_NOUNS = words(
  `порт сад берег лист вокзал острів міст ліс замок океан потяг готель вовк музей пілот архів годинник вітер сторож кордон`,
)
const RU_ADJECTIVES = words(`Тихий Золотой Сломанный Далёкий Скрытый Ледяной Забытый Бескрайний Нежный Последний`)
const RU_NOUNS = words(
  `порт сад берег лист вокзал остров мост лес замок океан поезд отель волк музей пилот архив час ветер сторож кордон`,
)
const FIRST_NAMES = words(`Olena Taras Iryna Andriy Maria Ivan Sofia Petro Anna Bohdan Emma Lucas Nora Hugo Clara Felix Mila Oscar
  Ada Leo Julia Marek Eva Tomas Greta`)
const LAST_NAMES = words(`Shevchuk Bondar Kovalenko Tkachuk Moroz Lysenko Savchenko Marchenko Hrytsenko Polishchuk Novak Weber
  Lindqvist Moreau Rossi Keller Hansen Dubois Costa Varga Sato Okafor Alvarez Byrne Laurent`)
const SENTENCES = `(array[
  'A retired ferryman finds a bundle of letters that were never meant to be delivered.',
  'Two sisters return to the house of their childhood and discover that one room has been walled up.',
  'When the power fails across the city, a night watchman becomes the only witness.',
  'An orchestra rehearses for a concert that nobody has announced.',
  'The border closes at midnight, and the last train carries a passenger without a name.',
  'A young baker enters a contest she has no right to win.',
  'Nothing in the archive explains why the same face appears in every photograph.',
  'Three strangers share a compartment, a secret, and an umbrella.',
  'The detective is patient, the village is not, and the snow keeps falling.',
  'He has one summer to repair the boat, and his father, and the silence between them.',
  'A comet is due; so is the rent.',
  'Everyone on the island knows the story, and everyone tells it differently.'])`

const COUNT_ADJECTIVES = 40
const COUNT_NOUNS = 50
const DIRECTORS = 300
const STARS = 600

const catalogue = ({ movies }: Shape) => `
  insert into genres (id, slug, name) select n, slug, initcap(slug)
    from unnest(array['action','comedy','drama','horror','romance','thriller','documentary','animation','fantasy','mystery']) with ordinality g(slug, n)
    on conflict do nothing;
  insert into certifications (id, name, min_age) values (1, '0+', 0), (2, '6+', 6), (3, '12+', 12), (4, '16+', 16), (5, '18+', 18) on conflict do nothing;
  insert into directors (id, name) select n, ${FIRST_NAMES}[(n - 1) % 25 + 1] || ' ' || ${LAST_NAMES}[(n - 1) / 25 % 25 + 1] from generate_series(1, ${DIRECTORS}) n;
  insert into stars (id, name) select n, ${FIRST_NAMES}[(n * 7 - 1) % 25 + 1] || ' ' || ${LAST_NAMES}[(n - 1) / 25 % 25 + 1] from generate_series(1, ${STARS}) n;
  insert into movies (id, title, original_title, description, translations, duration_minutes, producer, release_year, certification_id,
      imdb_rating, imdb_votes, meta_score, price_minor, poster_url, created_at)
    select n, title, title, ${text(1)}, jsonb_build_object(
        'uk', jsonb_build_object('title', ${UK_ADJECTIVES}[(n - 1) % 10 + 1] || ' ' || ${UK_NOUNS}[(n - 1) / 10 % 20 + 1], 'description', ${text(2)}),
        'ru', jsonb_build_object('title', ${RU_ADJECTIVES}[(n - 1) % 10 + 1] || ' ' || ${RU_NOUNS}[(n - 1) / 10 % 20 + 1], 'description', ${text(3)})),
      85 + n % 66, ${LAST_NAMES}[n % 25 + 1] || ' Pictures', 2026 - n % 40, n % 5 + 1, round((4 + 5 * pg_temp.luck(n, 11))::numeric, 1),
      (pg_temp.luck(n, 12) ^ 3 * 900000)::int, 30 + n % 66, 9900, '/media/posters/' || n || '.webp', now() - n * interval '4 hours'
    from (select n, 'The ' || ${ADJECTIVES}[(n - 1) / ${COUNT_NOUNS} % ${COUNT_ADJECTIVES} + 1] || ' ' || ${NOUNS}[(n - 1) % ${COUNT_NOUNS} + 1] as title
      from generate_series(1, ${movies}) n) named;
  insert into movie_genres (movie_id, genre_id, position) select n, (n * (k * 2 + 1) + k) % 10 + 1, k from generate_series(1, ${movies}) n, generate_series(0, 2) k
    on conflict do nothing;
  insert into movie_directors (movie_id, director_id, position) select n, (n * 17) % ${DIRECTORS} + 1, 0 from generate_series(1, ${movies}) n;
  insert into movie_stars (movie_id, star_id, position) select n, (n * 13 + k * 101) % ${STARS} + 1, k from generate_series(1, ${movies}) n, generate_series(0, 4) k`

const text = (salt: number) =>
  `(select string_agg(${SENTENCES}[(n * ${salt} + k * 5 + n / 12) % 12 + 1], ' ' order by k) from generate_series(0, 2) k)`

const places = ({ cinemas, halls }: Shape) => `
  insert into cinemas (id, name, address, city, phone, email, latitude, longitude)
    select n, 'Marquee ' || n, n || ' Theatre Street', (array['Kyiv','Lviv','Odesa','Kharkiv','Dnipro'])[n % 5 + 1], '+38044' || 1000000 + n,
      'cinema' || n || '@marquee.test', 46.5 + pg_temp.luck(n, 21) * 5, 24 + pg_temp.luck(n, 22) * 12
    from generate_series(1, ${cinemas}) n;
  insert into halls (id, cinema_id, name, hall_number, rows, seats_per_row)
    select n, (n - 1) % ${cinemas} + 1, 'Hall ' || (n - 1) / ${cinemas} + 1, (n - 1) / ${cinemas} + 1, ${HALL_ROWS}, ${ROW_SEATS} from generate_series(1, ${halls}) n;
  insert into seats (id, hall_id, seat_row, seat_number, seat_type, x, y)
    select (h - 1) * ${HALL_SEATS} + i + 1, h, (i / ${ROW_SEATS} + 1)::text, i % ${ROW_SEATS} + 1,
      (case when i / ${ROW_SEATS} < 7 then 'standard' when i / ${ROW_SEATS} < 9 then 'premium' else 'vip' end)::seat_type, i % ${ROW_SEATS} + 1, i / ${ROW_SEATS} + 1
    from generate_series(1, ${halls}) h, generate_series(0, ${HALL_SEATS - 1}) i`

const people = ({ users }: Shape) => `
  insert into users (id, username, email, hashed_password, first_name, last_name, phone, is_verified, activated_at, city, created_at, role)
    select n, 'viewer' || n, 'viewer' || n || '@marquee.test', '$argon2id$v=19$m=19456,t=2,p=1$' || md5(n::text) || '$' || md5(n::text) || md5('b' || n),
      ${FIRST_NAMES}[n % 25 + 1], ${LAST_NAMES}[n / 25 % 25 + 1], '+380' || 500000000 + n, true, now() - interval '400 days', 'Kyiv',
      now() - interval '400 days' - n % 300 * interval '1 day', (case when n = 1 then 'manager' when n = 2 then 'cashier' when n = 3 then 'admin' else 'customer' end)::user_role
    from generate_series(1, ${users}) n;
  insert into staff_assignments (user_id, cinema_id) select u.id, c.id from users u, cinemas c where u.role in ('manager', 'cashier');
  insert into refresh_tokens (family_id, user_id, token_hash, expires_at)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n, md5('sign-in ' || n), now() + interval '10 years' from generate_series(1, ${users}) n`

const MOST_SLOTS = { past: PAST_DAYS * SLOTS_A_DAY, upcoming: UPCOMING_DAYS * SLOTS_A_DAY }

/** Three hours apart and at most two and a half long, so that nothing overlaps, cleaning included; from nine to midnight. */
const sessions = ({ past_sessions, upcoming_sessions, halls, movies }: Shape) => `
  insert into sessions (id, movie_id, hall_id, start_time, end_time, occupies, business_day, base_price_minor, premium_price_minor, vip_price_minor,
      language, format_3d, created_at, updated_at)
    select row_number() over (order by starts, hall_id), movie_id, hall_id, starts, starts + lasts, tstzrange(starts, starts + lasts + interval '15 minutes'),
      ((starts at time zone 'Europe/Kyiv') - interval '6 hours')::date, base, base + 6000, base + 12000,
      case n % 4 when 0 then 'en' else 'uk' end, n % 5 = 0, starts - interval '30 days', starts - interval '30 days'
    from (
      select n, hall_id, day_one + slot / ${SLOTS_A_DAY} * interval '1 day' + interval '6 hours' + slot % ${SLOTS_A_DAY} * interval '3 hours' as starts,
        movie_id, make_interval(mins => m.duration_minutes) as lasts, 14000 + slot % ${SLOTS_A_DAY} * 2000 as base
      from (
        select n, (n - 1) % ${halls} + 1 as hall_id, date_trunc('day', now()) - interval '${PAST_DAYS} days' as day_one,
          (n - 1) / ${halls} * ${MOST_SLOTS.past} / ${Math.ceil(past_sessions / halls)} as slot from generate_series(1, ${past_sessions}) n
        union all
        select n, (n - 1) % ${halls} + 1, date_trunc('day', now()) + interval '1 day',
          (n - 1) / ${halls} * ${MOST_SLOTS.upcoming} / ${Math.ceil(upcoming_sessions / halls)} from generate_series(1, ${upcoming_sessions}) n
      ) placed
      cross join lateral (select 1 + floor(pg_temp.luck(slot / 70 + hall_id * 1000, 31) ^ 1.5 * ${movies})::int as movie_id) drawn
      join movies m on m.id = movie_id
    ) timed`

export const catalogueSteps = (shape: Shape): [string, string][] => [
  ['catalogue', catalogue(shape)],
  ['cinemas, halls, seats', places(shape)],
  ['users', people(shape)],
  ['sessions', sessions(shape)],
]
