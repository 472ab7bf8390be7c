import { type Db, deleteUnreferred, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { cinemasOf, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import type { Match } from '#platform/http/etag.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { BLANK, draw, type Drawn } from './draft.ts'
import { codeTaken, limitBelowUses, noSuchCinema, promotionNotFound } from './errors.ts'
import { countLive, writeLimits } from './limits.repository.ts'
import * as repository from './repository.ts'
import type { Promotion, PromotionCreate, PromotionQuery, PromotionUpdate } from './schemas.ts'

type Deps = { db: Db; currency: string; forget: () => void }
const EVERYWHERE = 0

/** Whoever works at some cinemas only decides on what holds at those. */
const requireWorkAtAll = (actor: SignedIn, cinema_ids: readonly number[] | null) => {
  for (const id of cinema_ids ?? [EVERYWHERE]) requireWorkAt(actor, id)
}

/** Capitals, each once. */
const codesOf = ({ codes }: PromotionUpdate) => codes && [...new Set(codes.map((code) => code.toUpperCase()))]

/** What staff do with promotions. `forget` drops what this process remembers of them. */
export const createManaging = ({ db, currency, forget }: Deps) => {
  const get = async (actor: SignedIn, id: number, on: Db = db): Promise<Promotion> => {
    const promotion = await repository.findPromotion(on, id, cinemasOf(actor))
    if (!promotion) throw promotionNotFound()
    return promotion
  }

  const requireCinemas = async (tx: Tx, cinema_ids: number[] | null) => {
    if (cinema_ids !== null && (await repository.findUnknownCinema(tx, cinema_ids))) throw noSuchCinema()
  }

  const saveCodes = async (tx: Tx, id: number, codes: string[] | undefined) => {
    if (!codes) return
    const taken = codes.length > 0 ? await repository.findTakenCode(tx, id, codes) : undefined
    if (taken) throw codeTaken(taken.code)
    await repository.writeCodes(tx, id, codes)
  }

  /** Limits never fall below what is in use. */
  const requireRoom = async (tx: Tx, id: number, { limit_total, limit_per_user, budget_minor }: Drawn) => {
    const { uses, minor, most_per_holder } = await countLive(tx, id)
    const isOver = (limit: number | null, live: number) => limit !== null && live > limit
    if (isOver(limit_total, uses) || isOver(limit_per_user, most_per_holder) || isOver(budget_minor, minor))
      throw limitBelowUses(uses)
  }

  const named = (error: unknown) => (violated(error) === 'promo_codes_pkey' ? codeTaken('') : error)

  const write = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    try {
      return await transaction(db, work)
    } catch (error) {
      throw named(error)
    } finally {
      forget()
    }
  }

  /** Locked against use, as the sender of the change has seen it. */
  const lock = async (tx: Tx, actor: SignedIn, id: number, match: Match | undefined) => {
    const row = await repository.lockPromotion(tx, id)
    if (!row) throw promotionNotFound()
    match?.(await get(actor, id, tx))
    if (!match) await get(actor, id, tx)
    requireWorkAtAll(actor, row.cinema_ids)
    return row
  }

  return {
    get: (actor: SignedIn, id: number) => get(actor, id),

    list: async (actor: SignedIn, query: PromotionQuery) => {
      const page = readPage(query)
      const { cinema_id } = query
      // What holds everywhere would be listed for a cinema that there is not.
      if (cinema_id !== undefined && (await repository.findUnknownCinema(db, [cinema_id]))) throw noSuchCinema('/cinema_id')
      const { items, total } = await repository.listPromotions(db, query, cinemasOf(actor), page)
      return toList<Promotion>(items, total, page)
    },

    create: (actor: SignedIn, body: PromotionCreate): Promise<Promotion> =>
      write(async (tx) => {
        const { kind, ...rest } = body
        const drawn = draw({ ...BLANK, kind, name_uk: '', name_ru: '', name_en: '' }, rest, currency)
        requireWorkAtAll(actor, drawn.cinema_ids)
        await requireCinemas(tx, drawn.cinema_ids)
        const { id } = await repository.insertPromotion(tx, drawn)
        await saveCodes(tx, id, codesOf(body))
        await writeLimits(tx, id, drawn)
        return get(actor, id, tx)
      }),

    update: (actor: SignedIn, id: number, body: PromotionUpdate, match?: Match): Promise<Promotion> =>
      write(async (tx) => {
        const { id: _, created_at, updated_at, ...before } = await lock(tx, actor, id, match)
        const drawn = draw(before, body, currency)
        requireWorkAtAll(actor, drawn.cinema_ids)
        await requireCinemas(tx, drawn.cinema_ids)
        await requireRoom(tx, id, drawn)
        await repository.updatePromotion(tx, id, drawn)
        await saveCodes(tx, id, codesOf(body))
        await writeLimits(tx, id, drawn)
        return get(actor, id, tx)
      }),

    /** Deletes what nobody has used and answers nothing; any other is stopped and answered. */
    remove: (actor: SignedIn, id: number, match?: Match): Promise<Promotion | undefined> =>
      write(async (tx) => {
        await lock(tx, actor, id, match)
        if (await deleteUnreferred(tx, () => repository.deletePromotion(tx, id))) return undefined
        await repository.updatePromotion(tx, id, { is_active: false })
        return get(actor, id, tx)
      }),
  }
}
