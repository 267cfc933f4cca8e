// What the browser does with passkeys. Loaded when one is used.
import { call } from '@/api/client'
import type { CreatedPasskey, ShownPasskey, PasskeyOptions } from '@/api/schema'
import type { MessageId } from '@/lib/i18n/text'
import { SaidError } from '@/lib/said-error'

const reasons: Record<string, MessageId> = {
    NotAllowedError: 'auth.passkey.stopped', AbortError: 'auth.passkey.stopped', SecurityError: 'auth.passkey.site',
    InvalidStateError: 'auth.passkey.known',
}

/** The browser says by a name why it gave nothing. */
async function asked(doing: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
    try {
        return (await doing()) as PublicKeyCredential
    } catch (error) {
        const name = error instanceof DOMException ? error.name : ''
        throw new SaidError('auth.passkey.failed', reasons[name] ?? 'auth.passkey.unable', error)
    }
}

// Password managers add members of their own, which the API would refuse.
const bare = ({ id, rawId, type }: { id: string; rawId: string; type: string }) => ({ id, rawId, type })

/** Makes a passkey with the device that the person chooses. */
export async function makePasskey(options: PasskeyOptions): Promise<CreatedPasskey> {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON)
    const made = (await asked(() => navigator.credentials.create({ publicKey }))).toJSON() as RegistrationResponseJSON
    const { clientDataJSON, attestationObject, transports } = made.response
    return { ...bare(made), response: { clientDataJSON, attestationObject, transports } }
}

async function showPasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<ShownPasskey> {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
    const shown = (await asked(() => navigator.credentials.get({ publicKey }))).toJSON() as AuthenticationResponseJSON
    const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response
    return { ...bare(shown), response: { clientDataJSON, authenticatorData, signature, userHandle: userHandle ?? null } }
}

/** Any passkey of this site, for signing in. */
export async function passkeyToSignIn(): Promise<ShownPasskey> {
    return showPasskey((await call('POST /v1/passkeys/challenge', {})) as PublicKeyCredentialRequestOptionsJSON)
}

/** Shows one of the person's passkeys in the place of the password. */
export async function confirmByPasskey(): Promise<void> {
    const options = (await call('POST /v1/passkeys/confirmation', {})) as PublicKeyCredentialRequestOptionsJSON
    const passkey = await showPasskey(options)
    await call('POST /v1/sessions/current/confirm', { body: { passkey } })
}
