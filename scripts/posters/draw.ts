import { createHash } from 'node:crypto'

import movies from '../../apps/api/seeds/data/movies.json' with { type: 'json' }
import { casablanca, manWithAMovieCamera, modernTimes, romanHoliday, sevenSamurai } from './films/1929-1954.ts'
import { alien, psycho, shadowsOfForgottenAncestors, theGodfather, theSeventhSeal } from './films/1957-1979.ts'
import { backToTheFuture, myNeighborTotoro, theMatrix } from './films/1985-1999.ts'
import { inTheMoodForLove, shrek, theFellowshipOfTheRing } from './films/2000-2001.ts'
import { avatar, inception, laLaLand, madMaxFuryRoad } from './films/2009-2016.ts'
import { getOut, parasite, spiderManIntoTheSpiderVerse } from './films/2017-2019.ts'
import { atlantis, myThoughtsAreSilent, theEarthIsBlueAsAnOrange } from './films/2019-2020.ts'
import { dune, dunePartTwo, klondike, mavka } from './films/2021-2024.ts'
import { type Poster, posterText } from './poster.ts'

const posters: Record<string, Poster> = {
  'man-with-a-movie-camera': manWithAMovieCamera,
  'modern-times': modernTimes,
  casablanca,
  'roman-holiday': romanHoliday,
  'seven-samurai': sevenSamurai,
  'the-seventh-seal': theSeventhSeal,
  psycho,
  'shadows-of-forgotten-ancestors': shadowsOfForgottenAncestors,
  'the-godfather': theGodfather,
  alien,
  'back-to-the-future': backToTheFuture,
  'my-neighbor-totoro': myNeighborTotoro,
  'the-matrix': theMatrix,
  'in-the-mood-for-love': inTheMoodForLove,
  shrek,
  'the-fellowship-of-the-ring': theFellowshipOfTheRing,
  avatar,
  inception,
  'mad-max-fury-road': madMaxFuryRoad,
  'la-la-land': laLaLand,
  'get-out': getOut,
  'spider-man-into-the-spider-verse': spiderManIntoTheSpiderVerse,
  parasite,
  atlantis,
  'my-thoughts-are-silent': myThoughtsAreSilent,
  'the-earth-is-blue-as-an-orange': theEarthIsBlueAsAnOrange,
  dune,
  klondike,
  'mavka-the-forest-song': mavka,
  'dune-part-two': dunePartTwo,
}

const FOLDER = 'apps/api/seeds/posters'
const LIST = 'apps/api/seeds/data/posters.json'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** Every poster of the demo, and the list that says each one's address and colours, by path. */
export const drawPosters = (): Record<string, string> => {
  const drawn = movies.map((film) => {
    const poster = posters[film.slug]
    if (!poster) throw new Error(`${film.slug} has no poster: draw it in scripts/posters/films.`)
    const text = posterText(film, poster)
    return {
      slug: film.slug,
      file: `${film.slug}.${hashOf(text)}.svg`,
      background: poster.background,
      accent: poster.accent,
      text,
    }
  })
  const list = Object.fromEntries(drawn.map(({ slug, file, background, accent }) => [slug, { file, background, accent }]))
  return {
    ...Object.fromEntries(drawn.map(({ slug, text }) => [`${FOLDER}/${slug}.svg`, text])),
    [LIST]: `${JSON.stringify(list, null, 2)}\n`,
  }
}
