// A company or a member of staff made for one test, so that what is changed there touches nothing of the demo.
import assert from 'node:assert/strict'
import { demo, origin, unique } from './support.mjs'

const password = 'a password made for this test'
const newAddress = () => `${unique('newcomer').replaceAll(' ', '-')}@example.com`

const keyOf = ({ api_key }) => ({ authorization: `Bearer ${api_key}` })

async function send(path, body, headers = {}) {
    const response = await fetch(`${origin}${path}`, {
        method: 'POST', headers: { 'content-type': 'application/json', origin, ...headers }, body: JSON.stringify(body),
    })
    assert.ok(response.ok, `${path}: ${response.status}`)
    return { response, answer: await response.json() }
}
const post = async (...request) => (await send(...request)).answer

/** No key makes somebody staff, only a person who is signed in. */
async function asStaff() {
    const { response, answer } = await send('/v1/sessions', { email: demo.staff.email, password: demo.staff.password })
    return { cookie: response.headers.getSetCookie()[0].split(';')[0], 'x-csrf-token': answer.csrf_token }
}

/** A company with an owner who can sign in. */
export async function newCompany(name) {
    const owner = { email: newAddress(), password, name: 'Olga' }
    const company = await post('/v1/companies', { name: unique(name), zone: 'America/Toronto', country: 'CA', owner }, keyOf(demo.staff))
    return { company, owner }
}

async function invitedBy(address) {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
        const { items } = await (await fetch(`${origin}/dev/mail.json`)).json()
        const letter = items.findLast(({ to }) => to === address)
        if (letter) return /https?:\/\/\S+#(\S+)/.exec(letter.text)[1]
        await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`no letter to ${address}`)
}

/** A member of staff in this role. They come by a letter, which confirms their address: staff need that. */
export async function newStaff(role) {
    const person = { email: newAddress(), password }
    await post('/v1/invitations', { email: person.email, role: 'viewer' }, keyOf(demo.owner))
    await post('/v1/invitations/accept', { token: await invitedBy(person.email), name: unique('Stella'), password })
    const { id } = await post('/v1/people/find', { email: person.email }, keyOf(demo.staff))
    await post('/v1/staff', { user_id: id, role }, await asStaff())
    return person
}
