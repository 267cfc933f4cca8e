// A passkey as a browser shows it: a key of P-256, and answers in the form of PublicKeyCredential.toJSON().
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const sha256 = (bytes) => createHash('sha256').update(bytes).digest()
const url = (bytes) => Buffer.from(bytes).toString('base64url')
const presentAndVerified = 0x05
const hasCredential = 0x40

export class Authenticator {
    #key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    #id = randomBytes(32)
    #handle

    constructor(origin) {
        this.origin = origin
    }

    /** For POST /v1/passkeys, of what passkeys.begin answered. */
    make({ challenge, rp, user }) {
        this.#handle = user.id
        const { x, y } = this.#key.publicKey.export({ format: 'jwk' })
        const key = Buffer.concat([hex('a5010203262001215820'), Buffer.from(x, 'base64url'), hex('225820'), Buffer.from(y, 'base64url')])
        const spoken = Buffer.concat([this.#data(rp.id, presentAndVerified | hasCredential), Buffer.alloc(16), hex('0020'), this.#id, key])
        const object = Buffer.concat([hex('a363666d74646e6f6e656761747453746d74a0686175746844617461'), hex('58'), Buffer.from([spoken.length]), spoken])
        return this.#answer({ clientDataJSON: url(this.#client('webauthn.create', challenge)), attestationObject: url(object), transports: ['internal'] })
    }

    /** The member `passkey` of signing in and confirming, of what passkeys.challenge and passkeys.confirm answered. */
    show({ challenge, rpId }) {
        const client = this.#client('webauthn.get', challenge)
        const spoken = this.#data(rpId, presentAndVerified)
        const signature = sign('sha256', Buffer.concat([spoken, sha256(client)]), this.#key.privateKey)
        return this.#answer({ clientDataJSON: url(client), authenticatorData: url(spoken), signature: url(signature), userHandle: this.#handle })
    }

    #answer(response) {
        return { id: url(this.#id), rawId: url(this.#id), type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {}, response }
    }

    #client(type, challenge) {
        return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }))
    }

    #data(rpId, flags) {
        return Buffer.concat([sha256(rpId), Buffer.from([flags]), Buffer.alloc(4)])
    }
}

const hex = (text) => Buffer.from(text, 'hex')
