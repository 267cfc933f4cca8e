// People as the browser's tests make them: invited through the API, let in by the letters that the server keeps.
import assert from 'node:assert/strict'
import { demo, origin, unique } from './support.mjs'

export const password = 'a password made for this test'
export const newAddress = () => `${unique('person').replaceAll(' ', '-')}@example.com`
export const bearer = (account) => ({ authorization: `Bearer ${account.api_key}` })

/** A request of a program, or of a page that nobody is signed in on. */
export const sent = (path, body, headers = {}, method = 'POST') => fetch(`${origin}${path}`, {
    method, headers: { 'content-type': 'application/json', origin, ...headers }, body: JSON.stringify(body),
})

/** The last letter to the address that fits, once there is one. */
export async function letterTo(address, pattern = /./) {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
        const { items } = await (await fetch(`${origin}/dev/mail.json`)).json()
        const letter = items.findLast(({ to, subject }) => to === address && pattern.test(subject))
        if (letter) return letter
        await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`no letter ${pattern} to ${address}`)
}
export const linkIn = ({ text }) => /https?:\/\/\S+#\S+/.exec(text)[0]

/** A new viewer of the demo's company, by invitation, whose address is confirmed so. */
export async function newPerson(name) {
    const email = newAddress()
    const invited = await sent('/v1/invitations', { email, role: 'viewer' }, bearer(demo.owner))
    assert.equal(invited.status, 201)
    const token = linkIn(await letterTo(email, /invites you/)).split('#')[1]
    const joined = await sent('/v1/invitations/accept', { token, name, password })
    assert.equal(joined.status, 200)
    return { id: (await joined.json()).user_id, email, password, name }
}

/** What a request of the demo's admin carries who is signed in: no program may make anybody staff or open a company. */
async function asStaff() {
    const opened = await sent('/v1/sessions', { email: demo.staff.email, password: demo.staff.password })
    assert.equal(opened.status, 201)
    const cookie = opened.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
    return { cookie, 'x-csrf-token': (await opened.json()).csrf_token }
}

/** Somebody new of Mobilytics' own staff. */
export async function newStaff(name, role) {
    const person = await newPerson(name)
    assert.equal((await sent('/v1/staff', { user_id: person.id, role }, await asStaff())).status, 201)
    return person
}

/** A company of its own, so that the demo's people are left alone: its owner, who can sign in, and staff's hand on it. */
export async function newCompany(name) {
    const staff = await asStaff()
    const owner = { email: newAddress(), password, name: 'Olga' }
    const made = await sent('/v1/companies', { name, zone: 'America/Toronto', country: 'CA', owner }, staff)
    assert.equal(made.status, 201)
    const { id } = await made.json()
    const set = async (changes) => assert.equal((await sent(`/v1/companies/${id}`, changes, staff, 'PATCH')).status, 200)
    return { id, name, owner, set }
}
