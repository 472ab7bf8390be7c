import { useState } from 'react'

import style from './poster.module.css'

type Props = {
  id: number
  title: string
  url: string | null /** `first`: the picture that the visitor waits for; `eager`: on the first screen. */
  eager?: boolean | 'first'
  sizes?: 's' | 'm' | 'l'
}

const FIELDS = 5

/** Figures in the manner of the old poster schools, for films whose own poster is not there. */
const FIGURES = [
  <path key="dunes" d="M0 190c60-50 90 10 200-60v170H0z" />,
  <path key="arch" d="M30 300V130a70 70 0 0 1 140 0v170z" />,
  <path key="beam" d="M200 20 0 190v110h60L200 90z" />,
  <g key="halves">
    <path d="M94 50a80 80 0 0 0 0 160z" />
    <path d="M106 90a80 80 0 0 1 0 160z" />
  </g>,
  <path key="stairs" d="M0 300V190h50v-45h50v-45h50V55h50v245z" />,
  <g key="rings" fill="none" stroke="currentColor" strokeWidth="16">
    <circle cx="70" cy="120" r="34" />
    <circle cx="70" cy="120" r="78" />
    <circle cx="70" cy="120" r="122" />
  </g>,
  <path key="fang" d="M10 0h180l-90 200z" />,
]

/** The one warm light, somewhere in each picture. */
const LIGHTS = [
  [146, 62, 26],
  [100, 128, 20],
  [48, 70, 30],
  [150, 60, 16],
  [38, 60, 24],
] as const

const Drawn = ({ id, title }: Pick<Props, 'id' | 'title'>) => {
  const [cx, cy, r] = LIGHTS[id % LIGHTS.length] ?? LIGHTS[0]
  return (
    <div className={style.drawn} data-field={(id % FIELDS) + 1} aria-hidden="true">
      <svg viewBox="0 0 200 300" preserveAspectRatio="xMidYMid slice" fill="currentColor">
        <g className={style.figure}>{FIGURES[id % FIGURES.length]}</g>
        <circle className={style.light} cx={cx} cy={cy} r={r} />
      </svg>
      <span className={style.title}>{title}</span>
    </div>
  )
}

/** The picture of a film, always two to three; decorative, since its title stands beside it. */
export const Poster = ({ id, title, url, eager = false, sizes = 'm' }: Props) => {
  const [broken, setBroken] = useState(false)
  return (
    <div className={style.poster} data-size={sizes}>
      {url === null || broken ? (
        <Drawn id={id} title={title} />
      ) : (
        <img
          src={url}
          alt=""
          width={600}
          height={900}
          loading={eager === false ? 'lazy' : 'eager'}
          fetchPriority={eager === 'first' ? 'high' : 'auto'}
          decoding="async"
          onError={() => setBroken(true)}
        />
      )}
    </div>
  )
}
