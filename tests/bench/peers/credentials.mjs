// Ids as the API prints them, and the keys and tokens that callers present.
import { hash, randomUUID, timingSafeEqual } from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const valueOf = new Map([...alphabet].map((digit, value) => [digit, value]))
const idLength = 26
const secretLength = 52
const checksumLength = 8
const unusedBits = 2  // 26 digits hold 130 bits

/** 01h... of a uuid. */
function digitsOf(uuid) {
    let text = ''
    let held = 0
    let bits = unusedBits
    for (const byte of Buffer.from(uuid.replaceAll('-', ''), 'hex')) {
        held = held << 8 | byte
        for (bits += 8; bits >= 5;) {
            bits -= 5
            text += alphabet[held >> bits & 31]
        }
        held &= (1 << bits) - 1
    }
    return text
}

/** cmp_01h... of a uuid. */
export const idOf = (prefix, uuid) => `${prefix}_${digitsOf(uuid)}`

function uuidOfDigits(digits) {
    const bytes = Buffer.alloc(16)
    let held = 0
    let bits = -unusedBits
    let length = 0
    for (const digit of digits) {
        held = held << 5 | valueOf.get(digit)
        bits += 5
        if (bits < 8) continue
        bits -= 8
        bytes[length++] = held >> bits & 255
        held &= (1 << bits) - 1
    }
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export const uuidOf = (id) => uuidOfDigits(id.slice(id.indexOf('_') + 1))

const keyPrefix = 'mob_live_'
const tokenPrefix = 'mob_dev_'
const checksumOf = (text) => hash('sha256', text).slice(0, checksumLength)

/** A key as it is printed. */
export function printKey(company, id) {
    const text = `${keyPrefix}${digitsOf(company)}${digitsOf(id)}_${digitsOf(randomUUID())}${digitsOf(randomUUID())}`
    return `${text}_${checksumOf(text)}`
}

/** Whose row a key or token claims to be: {company, id}; nothing when it is mistyped. */
function read(prefix, text) {
    const length = prefix.length + 2 * idLength + 1 + secretLength + 1 + checksumLength
    if (!text.startsWith(prefix) || text.length !== length) return undefined
    const printed = text.slice(0, length - checksumLength - 1)
    if (checksumOf(printed) !== text.slice(-checksumLength)) return undefined
    const body = text.slice(prefix.length)
    return { company: uuidOfDigits(body.slice(0, idLength)), id: uuidOfDigits(body.slice(idLength, 2 * idLength)) }
}

const findKey = {
    name: 'find_api_key',
    text: `select k.secret_sha256, k.last_used_at, s.company_id is not null as suspended
           from auth.api_keys k left join auth.suspensions s on s.company_id = k.company_id
           where k.company_id = $1 and k.key_id = $2 and k.revoked_at is null`,
}
const touchKey = { name: 'touch_api_key', text: 'update auth.api_keys set last_used_at = now() where company_id = $1 and key_id = $2' }
const findToken = {
    name: 'find_token',
    text: `select t.device_id, t.secret_sha256, d.state from devices.tokens t
           join devices.devices d on d.company_id = t.company_id and d.device_id = t.device_id
           where t.company_id = $1 and t.token_id = $2 and t.revoked_at is null`,
}

const minute = 60_000

function refuse() {
    throw Object.assign(new Error('The bearer text is no key or token that is in force.'), { statusCode: 401 })
}

/** Hooks that put the caller on the request: `key` for programs, `device` for sensors. */
export function authentication(pool) {
    const find = async (request, prefix, statement) => {
        const text = request.headers.authorization?.slice('Bearer '.length) ?? ''
        const name = read(prefix, text)
        if (!name) refuse()
        const values = [name.company, name.id]
        const { rows: [row] } = await pool.query({ ...statement, values })
        if (!row || !timingSafeEqual(row.secret_sha256, hash('sha256', text, 'buffer'))) refuse()
        return { ...name, values, row }
    }
    return {
        async key(request) {
            const { company, values, row } = await find(request, keyPrefix, findKey)
            if (row.suspended) refuse()
            request.company = company
            if (!row.last_used_at || row.last_used_at < Date.now() - minute) await pool.query({ ...touchKey, values })
        },
        async device(request) {
            const { company, row } = await find(request, tokenPrefix, findToken)
            if (row.state === 'disabled') refuse()
            request.company = company
            request.device = row.device_id
        },
    }
}
