// What the hunt for leaks happens in: a company that has everything, one that hunts, and one that lives beside them.
import { operations } from './api.mjs'
import { digestsOf } from './database_wall.mjs'
import { inOrder, requestOf, timesOf } from './every_operation.mjs'
import { changeSides, furnish, idsOf, shared, span, staffRoles, surroundings } from './furnished.mjs'
import { aimedAt, Hunt, showsNoCompany } from './leak_hunt.mjs'
import { addNeighbour, neighbour } from './leak_neighbour.mjs'
import { Markers, uuidOf } from './markers.mjs'
import { instant } from './measure.mjs'
import { staffPassword } from './server.mjs'
import { addMember, letters, letterTo, tokenIn, until } from './world.mjs'

/** Two furnished companies, what the first one's owner is shown, and the markers in it. */
export async function worldOf(server, receiver) {
    const around = await surroundings(server, receiver)
    const { api, staff, model } = around
    const staffs = { admin: staff }
    for (const role of staffRoles.filter((one) => one !== 'admin')) staffs[role] = await server.staff(role)
    const [alpha, beta] = [await furnish(around), await furnish(around)]
    const leaver = await changeSides(around, alpha, beta)
    const sharer = await addSharer(api, alpha, beta)
    addNeighbour(server, uuidOf(model.id))
    await quiet(server)
    const answers = await answersTo(api, alpha, model)
    const markers = Markers.of({ word: alpha.marks.word, secrets: secretsOf(alpha), answers, others: await answersTo(api, beta, model), shared })
    for (const answer of answers) answer.markers = markers.inAnswer(answer, new Set())
    return {
        staff, staffs, model, alpha, beta, leaver, sharer, markers, answers, cursors: await cursorsOf(api, alpha, model),
        lettersBefore: (await letters(api)).map(({ text }) => text),
    }
}

/** Until no work is left that could change a row. */
const quiet = (server) => until('no job to be left', async () => server.count(`select count(*) from jobs.jobs
    where company_id is not null and state in ('ready', 'running') and run_at < now() + interval '1 minute'`), (left) => left === 0)

export const huntIn = (api, { staffs, model, alpha, beta, leaver, markers, cursors }) => new Hunt({
    api, staffs, model, victim: alpha, other: beta, leaver, markers, cursors,
})

const secretsOf = ({ keys, device, other, webhook, people, policyFrom }) => [
    policyFrom,
    ...Object.values(keys).map(({ secret }) => secret), device.token.bearer, other.token.bearer, webhook.secret,
    ...Object.values(people).flatMap(({ cookie, csrf }) => [cookie.split('=')[1], csrf]),
]

const readable = () => inOrder().filter(({ method, doc }) => method === 'GET' && !doc['x-roles']?.every((role) => role === 'staff'))

/** What a company's owner is shown by every operation that only reads. */
async function answersTo(api, company, model) {
    const answers = []
    for (const operation of readable()) {
        const { path, query } = requestOf(operation, (prefix) => idsOf(company, model)[prefix], {}, aimedAt(company))
        const answer = await api.send(company.people.owner, 'GET', path, { query: { ...query, ...timesOf(operation, span) } })
        answers.push({ ...answer, id: operation.id })
    }
    return answers
}

/** Cursors of every list that goes on, by operation. */
async function cursorsOf(api, company, model) {
    const cursors = {}
    for (const operation of readable().filter(({ doc }) => doc.parameters?.some(({ name }) => name === 'cursor'))) {
        const { path, query } = requestOf(operation, (prefix) => idsOf(company, model)[prefix], {})
        const { body } = await api.send(company.people.owner, 'GET', path, { query: { ...query, limit: 1 } })
        if (body.next_cursor) cursors[operation.id] = [body.next_cursor]
    }
    return cursors
}

// These move by themselves as time goes by.
const moving = new Set(['last_used_at', 'last_seen_at', 'expires_at', 'complete_to', 'final_to', 'data_version', 'instance'])
const steady = (body) => JSON.parse(JSON.stringify(body, (name, value) => (moving.has(name) ? undefined : value)))

/** What Alpha's owner is shown, less what moves; being shown a webhook's secret is an event of its own. */
export async function pictureOf(api, { alpha, model }) {
    const answers = await answersTo(api, alpha, model)
    return answers.filter(({ id }) => !showsNoCompany.has(id) && !id.startsWith('audit_events.'))
        .map(({ id, status, body, bytes }) => [id, status, body ? steady(body) : bytes.toString('latin1')])
}

// They end the session, which the others need, or are for staff.
const ends = ({ path, doc }) => /^\/v1\/(account|sessions)/.test(path) || doc['x-roles']?.every((role) => role === 'staff')
// What ends a thing comes after what needs it.
const turns = [({ method, path }) => method === 'POST' && !/\/(cancel|finish|disable)$/.test(path), ({ method }) => method === 'PUT',
    ({ method }) => method === 'PATCH', ({ method }) => method === 'POST', () => true]
const turnOf = (operation) => turns.findIndex((comes) => comes(operation))

/** A company's owner changes whatever can be changed, in an order that takes away last. Gives the answers. */
export async function changesOf(api, company, model, bodies) {
    const made = []
    const changing = operations.filter((operation) => operation.method !== 'GET' && operation.doc.security?.length > 0 && !ends(operation))
    for (const operation of changing.toSorted((one, other) => turnOf(one) - turnOf(other))) {
        const { path, query, body, ids } = requestOf(operation, (prefix) => idsOf(company, model)[prefix], bodies)
        const answer = await api.send(company.people.owner, operation.method, path, { query, body })
        if (answer.status >= 500) throw new Error(`${operation.id} answered ${answer.status} ${answer.text}`)
        made.push({ id: operation.id, answer, sent: new Set(ids) })
    }
    return made
}

const sharersAddress = 'sharer@people.example'

async function alsoJoin(api, person, owner, letter) {
    await api.post(owner, '/v1/invitations', { email: sharersAddress, role: 'manager' })
    await api.post(person, '/v1/invitations/join', { token: tokenIn(await letterTo(api, sharersAddress, letter)) }, 200)
}

/** Somebody who works for both companies, and made a key in the first. */
async function addSharer(api, alpha, beta) {
    const person = await addMember(api, alpha.people.owner, { email: sharersAddress, name: 'Sam Sharer', role: 'owner' })
    await api.post(person, '/v1/api-keys', { name: `${alpha.marks.word} key of sharer`, role: 'viewer' })
    await alsoJoin(api, person, beta.people.owner, 2)
    return person
}

/** They come to a third company too, and go: what they are in the others stays. */
async function comeAndGo(api, person, { people: { owner } }) {
    const before = (await letters(api)).filter(({ to }) => to === sharersAddress)
    await alsoJoin(api, person, owner, before.length + 1)
    const member = `/v1/members/${person.session.user.id}`
    await api.call(owner, 'PATCH', member, { body: { role: 'viewer' }, expect: 200 })
    await api.call(owner, 'DELETE', member, { expect: 204 })
}

/** What would be otherwise if others were counted in, in words. */
async function mistaken(api, staff, { people: { owner } }, answers) {
    const answerTo = (id) => answers.find((answer) => answer.id === id).body
    const removed = await api.send(owner, 'DELETE', `/v1/members/${owner.session.user.id}`)
    const later = { name: 'Later', zone: 'UTC', country: 'CA', owner: { email: 'later@people.example' } }
    const another = await api.send(staff, 'POST', '/v1/companies', { body: later })
    const inRegions = answerTo('analytics.regions').items.reduce((sum, { visits }) => sum + visits, 0)
    return [
        inRegions > answerTo('analytics.summary').totals.visits * 1.001 && 'visits are counted in the regions of others',
        answerTo('analytics.summary').about.unattached_visits !== 0 && 'visits of others\' unattached devices are counted',
        answerTo('access_rules.get').second_factor_required && 'a factor is asked that another company asks',
        removed.status !== 409 && 'the last owner is removed, since another company has one',
        another.status !== 201 && 'a company is refused an owner, since another has one',
    ].filter(Boolean)
}

/** Rows that nobody but their company may have changed: Alpha's, and all of the neighbour's. */
export const rowsOf = (server, { alpha }) => [
    ...digestsOf(server, uuidOf(alpha.company.id), instant(span.to)),
    ...digestsOf(server, neighbour, instant(span.to), {}).map(({ name, ...rows }) => ({ name: `${name} of the neighbour`, ...rows })),
]

export const changedRows = (before, after) => after.filter(({ digest }, index) => digest !== before[index].digest).map(({ name }) => name)

/** Another company comes, does all of it in the same hours, and goes through every change. What it was shown of Alpha, or got wrong. */
export async function lifeOf(server, receiver, { alpha, staff: before, model, markers, leaver, sharer }) {
    const { api } = server
    const lettersToAlpha = async () => (await letters(api)).filter(({ to }) => to.includes(alpha.marks.word)).length
    const written = await lettersToAlpha()
    // The hunt ended the session.
    const staff = await api.signIn(before.session.user.email, staffPassword)
    const company = await furnish({ server, api, staff, receiver, model }, { staffed: ['owner', 'manager'] })
    const hunt = huntIn(api, { staffs: { admin: staff }, model, alpha, beta: company, leaver, markers, cursors: {} })
    const answers = await answersTo(api, company, model)
    const wrong = await mistaken(api, staff, company, answers)
    if (wrong.length > 0) return wrong
    await comeAndGo(api, sharer, company)
    const shown = [...answers, ...(await changesOf(api, company, model, hunt.bodies)).map(({ id, answer }) => ({ id, ...answer }))]
    for (const state of ['suspended', 'active']) await api.call(staff, 'PATCH', `/v1/companies/${company.company.id}`, { body: { state }, expect: 200 })
    await quiet(server)
    if (await lettersToAlpha() > written) return ['Alpha\'s people are written to about another company']
    return shown.flatMap((answer) => markers.inAnswer(answer, new Set()).map((marker) => `${answer.id} shows ${marker}`))
}
