import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'

export type ZipEntry = { name: string; isPacked?: boolean; content: AsyncIterable<Uint8Array | string> | Uint8Array }

const encoder = new TextEncoder()

async function* piecesOf(content: ZipEntry['content']): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) {
    yield content
    return
  }
  for await (const piece of content) yield typeof piece === 'string' ? encoder.encode(piece) : piece
}

/** A ZIP file piece by piece: of what it holds, never more than a piece is in memory. */
export async function* zip(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  let failure: Error | undefined
  const archive = new Zip((error, chunk) => {
    if (error) failure = error
    else ready.push(chunk)
  })
  const handOver = () => {
    if (failure) throw failure
    const pieces = ready
    ready = []
    return pieces
  }
  for (const { name, isPacked = false, content } of entries) {
    const file = isPacked ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 })
    archive.add(file)
    for await (const piece of piecesOf(content)) {
      file.push(piece, false)
      yield* handOver()
    }
    file.push(new Uint8Array(0), true)
    yield* handOver()
  }
  archive.end()
  yield* handOver()
}
