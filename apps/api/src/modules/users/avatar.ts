import { createBounded } from '#platform/bounded.ts'
import { secretToken } from '#platform/codes.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import { tryAgainLater } from '#platform/errors.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Storage } from '#platform/storage.ts'
import { notAPicture } from './errors.ts'
import * as repository from './profile.repository.ts'

const SIZE = 512
const MOST_PIXELS = 50_000_000
const QUALITY = 82

const startsWith = (bytes: Buffer, text: string, at = 0) =>
  bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'))

/** By what the bytes say; what the sender calls them says nothing. Nothing else reaches the library that draws. */
const isPicture = (bytes: Buffer): boolean =>
  startsWith(bytes, '\u0089PNG\r\n\u001a\n') ||
  startsWith(bytes, '\u00ff\u00d8\u00ff') ||
  (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8))

/** Draws the picture anew: of the file that was sent nothing stays, neither where it was taken nor what was hidden in it. */
const redraw = async (bytes: Buffer): Promise<Buffer> => {
  const { default: sharp } = await import('sharp')
  try {
    return await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .autoOrient()
      .resize(SIZE, SIZE, { fit: 'cover' })
      .webp({ quality: QUALITY })
      .toBuffer()
  } catch {
    throw notAPicture()
  }
}

type Deps = { db: Db; storage: Storage; jobs: Jobs }

export const createAvatars = ({ db, storage, jobs }: Deps) => {
  const bounded = createBounded({
    atOnce: 1,
    queueLimit: 20,
    busy: () => tryAgainLater('users.busy', 'Too many pictures are being drawn. Try again in a moment.', 2),
  })

  /** The file before goes after the commit, by a job that is tried until it has. */
  const replace = (user_id: number, key: string | null) =>
    transaction(db, async (tx) => {
      const before = await repository.swapAvatar(tx, user_id, key)
      if (before !== null) await jobs.send(tx, 'media.remove', { key: before })
    })

  return {
    putAvatar: async (user_id: number, bytes: unknown): Promise<void> => {
      if (!Buffer.isBuffer(bytes) || !isPicture(bytes)) throw notAPicture()
      const picture = await bounded(() => redraw(bytes))
      const key = `avatars/${secretToken()}.webp`
      await storage.put(key, picture, 'image/webp')
      try {
        await replace(user_id, key)
      } catch (error) {
        await storage.remove(key)
        throw error
      }
    },
    removeAvatar: (user_id: number) => replace(user_id, null),
    removeFile: ({ key }: { key: string }) => storage.remove(key),
  }
}
