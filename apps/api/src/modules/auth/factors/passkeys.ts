import { requireActive } from '#modules/auth/active.ts'
import { factorNeeded, notFound, passkeyRefused, passkeyUnfit, tooManyPasskeys } from '#modules/auth/errors.ts'
import type { Token } from '#modules/auth/schemas.ts'
import type { AuthService } from '#modules/auth/service.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import { markStrong } from '#modules/auth/sign-ins/sign-ins.repository.ts'
import type { SignIns } from '#modules/auth/sign-ins/sign-ins.ts'
import type { UsersService } from '#modules/users/service.ts'
import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import { tellFactorChange } from './factor-changes.ts'
import * as repository from './passkeys.repository.ts'
import type { Passkey, PasskeyCreate, PasskeyList, PasskeySignIn } from './passkeys.schemas.ts'
import type { RelyingParty } from './relying-party.ts'
import { hasFactor } from './totp.repository.ts'
import type { WaysLeft } from './ways-left.ts'

const CHALLENGE_SECONDS = 300
/** Ed25519, ES256 and RS256, as COSE numbers them: every key in use knows one of them. */
const supportedAlgorithmIDs = [-8, -7, -257]
const MOST = 20

/** Loaded when somebody first asks for it: it takes longer than the rest of the server, and most processes never need it. */
const webauthn = () => import('@simplewebauthn/server')

type Deps = {
  db: Db
  users: Pick<UsersService, 'get' | 'findAccount' | 'noteSignIn'>
  auth: Pick<AuthService, 'signIn'>
  waysLeft: WaysLeft
  signIns: Pick<SignIns, 'requireFresh'>
  jobs: Pick<Jobs, 'send'>
  party: RelyingParty
  staffNeedsFactor: boolean
}

/** What the browser says it has signed; read before it is believed, to take the challenge off the list. */
const challengeIn = (clientDataJSON: string): string => {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge?: unknown }
    return typeof challenge === 'string' ? challenge : ''
  } catch {
    return ''
  }
}

/** The library says by an exception what does not fit; every such answer is worth the same. */
const verified = async <T extends { verified: boolean }>(
  refusal: () => Error,
  verify: () => Promise<T>,
): Promise<T & { verified: true }> => {
  const result = await verify().catch(() => undefined)
  if (!result?.verified) throw refusal()
  return result as T & { verified: true }
}

/** WebAuthn. A key asks for a finger or a PIN, so it counts as both factors; it names its owner, so nobody types a name. */
export const createPasskeys = ({ db, users, auth, waysLeft, signIns, jobs, party, staffNeedsFactor }: Deps) => {
  const { id: rpID, name: rpName, origins: expectedOrigin } = party

  const takeChallenge = async (clientDataJSON: string, user_id: number | null): Promise<string> => {
    const challenge = challengeIn(clientDataJSON)
    if (!(await repository.takeChallenge(db, challenge, user_id))) throw user_id === null ? passkeyRefused() : passkeyUnfit()
    return challenge
  }

  return {
    list: async ({ id }: SignedIn): Promise<PasskeyList> => ({ items: await repository.listPasskeys(db, id) }),

    creationOptions: async (actor: SignedIn) => {
      await signIns.requireFresh(actor)
      const [{ email, full_name }, known] = [await users.get(actor.id), await repository.listPasskeys(db, actor.id)]
      if (known.length >= MOST) throw tooManyPasskeys(MOST)
      const { generateRegistrationOptions } = await webauthn()
      const options = await generateRegistrationOptions({
        rpName,
        rpID,
        supportedAlgorithmIDs,
        userName: email,
        userDisplayName: full_name,
        userID: new TextEncoder().encode(`user ${actor.id}`),
        excludeCredentials: known.map(({ credential_id, transports }) => ({ id: credential_id, transports })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      await repository.insertChallenge(db, options.challenge, actor.id, CHALLENGE_SECONDS)
      return options
    },

    create: async (actor: SignedIn, { name = 'Passkey', ...given }: PasskeyCreate): Promise<Passkey> => {
      await signIns.requireFresh(actor)
      const expectedChallenge = await takeChallenge(given.response.clientDataJSON, actor.id)
      const { verifyRegistrationResponse } = await webauthn()
      const { registrationInfo } = await verified(passkeyUnfit, () =>
        verifyRegistrationResponse({
          response: given as never,
          expectedChallenge,
          expectedOrigin,
          expectedRPID: rpID,
          supportedAlgorithmIDs,
        }),
      )
      if (!registrationInfo) throw passkeyUnfit()
      const { credential, credentialBackedUp } = registrationInfo
      try {
        return await transaction(db, async (tx) => {
          const passkey = await repository.insertPasskey(tx, {
            user_id: actor.id,
            credential_id: credential.id,
            public_key: Buffer.from(credential.publicKey).toString('base64url'),
            counter: credential.counter,
            transports: given.response.transports ?? [],
            name: name.trim(),
            is_backed_up: credentialBackedUp,
          })
          await markStrong(tx, actor.id, actor.sign_in)
          await tellFactorChange(tx, jobs, { kind: 'factor_added', factor: 'passkey', user_id: actor.id })
          return passkey
        })
      } catch (error) {
        if (violated(error) === 'passkeys_credential_id_key') throw passkeyUnfit()
        throw error
      }
    },

    remove: async (actor: SignedIn, id: number): Promise<void> => {
      await signIns.requireFresh(actor)
      const needsFactor = staffNeedsFactor && actor.role !== 'customer'
      await transaction(db, async (tx) => {
        if (!(await waysLeft(tx, actor.id, () => repository.deletePasskey(tx, actor.id, id)))) throw notFound()
        if (needsFactor && !(await hasFactor(tx, actor.id))) throw factorNeeded()
        await tellFactorChange(tx, jobs, { kind: 'factor_removed', factor: 'passkey', user_id: actor.id })
      })
    },

    signInOptions: async () => {
      const { generateAuthenticationOptions } = await webauthn()
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
      await repository.insertChallenge(db, options.challenge, null, CHALLENGE_SECONDS)
      return options
    },

    signIn: async (given: PasskeySignIn, device: Device): Promise<Token> => {
      const expectedChallenge = await takeChallenge(given.response.clientDataJSON, null)
      const passkey = await repository.findPasskey(db, given.id)
      if (!passkey) throw passkeyRefused()
      const { credential_id: id, counter, public_key } = passkey
      const credential = { id, counter, publicKey: new Uint8Array(Buffer.from(public_key, 'base64url')) }
      const { verifyAuthenticationResponse } = await webauthn()
      const { authenticationInfo } = await verified(passkeyRefused, () =>
        verifyAuthenticationResponse({
          response: given as never,
          expectedChallenge,
          expectedOrigin,
          expectedRPID: rpID,
          credential,
        }),
      )
      const { newCounter, credentialBackedUp } = authenticationInfo
      if (!(await repository.usePasskey(db, passkey.id, newCounter, credentialBackedUp))) throw passkeyRefused()
      const person = await users.findAccount(passkey.user_id)
      if (!person) throw passkeyRefused()
      requireActive(person)
      const note = (tx: Db) => users.noteSignIn(tx, person.id)
      return auth.signIn(person, device, note, { method: 'passkey', is_strong: true })
    },

    /** Nobody comes back for a challenge that is over. */
    forgetChallenges: () => repository.forgetChallenges(db),
  }
}
export type Passkeys = ReturnType<typeof createPasskeys>
