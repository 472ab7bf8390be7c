export type TrailerSource = { kind: 'frame' | 'video' | 'link'; src: string }

const YOUTUBE = /^https:\/\/(?:www\.)?(?:youtube\.com\/(?:watch\?v=|embed\/)|youtu\.be\/)([\w-]{11})/
const VIMEO = /^https:\/\/(?:player\.)?vimeo\.com\/(?:video\/)?(\d+)/

/** Known players are shown in place and set no cookies; a film file plays by itself; anything else is a link away. */
export const trailerOf = (url: string): TrailerSource => {
  const youtube = YOUTUBE.exec(url)?.[1]
  if (youtube !== undefined) return { kind: 'frame', src: `https://www.youtube-nocookie.com/embed/${youtube}?autoplay=1` }
  const vimeo = VIMEO.exec(url)?.[1]
  if (vimeo !== undefined) return { kind: 'frame', src: `https://player.vimeo.com/video/${vimeo}?autoplay=1&dnt=1` }
  return { kind: /\.(mp4|webm)(\?|$)/i.test(url) ? 'video' : 'link', src: url }
}
