import type { Disk } from 'flydrive'

import type { Config } from './config.ts'

/** Files that people gave us. A key is a path of our own making, never a name that somebody typed. */
export type Storage = {
  put: (key: string, bytes: Buffer, contentType: string) => Promise<void>
  /** Nothing when there is no such file. */
  read: (key: string) => Promise<Buffer | undefined>
  /** A file that is gone already is gone. */
  remove: (key: string) => Promise<void>
}

type Settings = Pick<
  Config,
  'MEDIA_DIR' | 'S3_BUCKET' | 'S3_REGION' | 'S3_ENDPOINT' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY'
>

const openFolder = async (location: string): Promise<Disk> => {
  const [{ Disk }, { FSDriver }] = await Promise.all([import('flydrive'), import('flydrive/drivers/fs')])
  return new Disk(new FSDriver({ location, visibility: 'private' }))
}

const openBucket = async (bucket: string, settings: Settings): Promise<Disk> => {
  const [{ Disk }, { S3Driver }] = await Promise.all([import('flydrive'), import('flydrive/drivers/s3')])
  const {
    S3_REGION: region,
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY_ID: accessKeyId = '',
    S3_SECRET_ACCESS_KEY: secretAccessKey = '',
  } = settings
  return new Disk(
    new S3Driver({
      bucket,
      region,
      credentials: { accessKeyId, secretAccessKey },
      visibility: 'private',
      supportsACL: false,
      // Other servers than Amazon's are addressed by path.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    }),
  )
}

/** A folder, or a bucket when one is configured; opened when the first file is asked for. */
export const createStorage = (settings: Settings): Storage => {
  let opened: Promise<Disk> | undefined
  const disk = () => {
    opened ??= settings.S3_BUCKET === undefined ? openFolder(settings.MEDIA_DIR) : openBucket(settings.S3_BUCKET, settings)
    return opened
  }
  return {
    put: async (key, bytes, contentType) => (await disk()).put(key, bytes, { contentType }),
    read: async (key) => {
      const from = await disk()
      return (await from.exists(key)) ? Buffer.from(await from.getBytes(key)) : undefined
    },
    remove: async (key) => (await disk()).delete(key),
  }
}
