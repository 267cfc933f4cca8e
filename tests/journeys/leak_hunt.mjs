// Everybody else, asking for what is one company's: each operation of api/openapi.json with that company's ids in every
// place, its words as filters, its cursors, its place on the map. What comes back is scanned for its markers.
import { document, faultsOf } from './api.mjs'
import { idMixtures, inOrder, requestOf, statusesOf, timesOf } from './every_operation.mjs'
import { batchOf, idsOf, repeat, roles, shared, span, staffRoles } from './furnished.mjs'
import { instant } from './measure.mjs'
import { resolve } from './schema.mjs'

export const actorNames = ['nobody', 'device', 'leaver', ...roles, ...roles.map((role) => `key of ${role}`), 'key of scoped', 'key of revoked',
    ...staffRoles.map((role) => `staff ${role}`)]

/** Operations that show nothing of any company, each for a reason. Whatever else reads must show its owner a marker. */
export const showsNoCompany = new Map([
    ['platform.livez', 'the process'], ['platform.readyz', 'the process'], ['platform.openapi', 'the API'],
    ['basemap.get', 'the world'], ['basemap.tile', 'the world'], ['roles.list', 'the table of permissions'],
    ['device_models.list', 'shared by all'], ['webhooks.list_event_types', 'the API'], ['second_factor.get', 'one person'],
    ['companies.list', 'staff alone'], ['companies.first_owner', 'staff alone'], ['jobs.list', 'staff alone'], ['jobs.get', 'staff alone'], ['jobs.list_kinds', 'staff alone'],
    ['alerts.list', 'staff alone'], ['alerts.list_rules', 'staff alone'], ['checks.list', 'staff alone'],
    ['account.notifications', 'one person'], ['tokens.keys', 'public'], ['tokens.server', 'public'],
    ['people.get', 'staff alone'], ['staff.list', 'staff alone'], ['staff_keys.list', 'staff alone'],
    ['passkeys.list', 'one person'], ['access_rules.get', 'yes or no'],
])

/** Values that ask for the company's own where an optional parameter filters. A parameter without one fails the hunt. */
const aimsOf = ({ company, marks, people, board, set }) => ({
    // A part of the word: an echo of it is no marker.
    q: [marks.word.slice(0, 8)], kind: ['vehicle', 'billboard'], state: ['live', 'succeeded', 'open'], status: ['stale', 'offline'], outcome: ['success'],
    action: ['campaign.', 'session.opened'], actor_id: [people.owner.session.user.id], resource_id: [board.id], type: ['webhook.test'], grain: ['hour'],
    metric: ['ots', 'dwell'], set: [set], limit: ['200'], v: ['1'], verbose: ['1'],
    company: [company.id],
})

/** Where the company's billboard is, as map tiles are numbered. */
function tileOf({ lat, lon }, z = 12) {
    const radians = lat * Math.PI / 180
    return { z, x: Math.floor((lon + 180) / 360 * 2 ** z), y: Math.floor((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2 * 2 ** z) }
}

/** Parameters that are no ids, and still are one company's: its place, its regions. */
export const aimedAt = ({ marks, set }) => ({ ...tileOf(marks), set, id: set })

export class Hunt {
    requests = 0
    bytes = 0
    tried = new Set()
    /** What was wrong, in words: markers found, and answers that the contract rules out. */
    findings = []

    /** `victim` with its `markers`, `other` who hunts; `cursors` the victim's, by operation. */
    constructor({ api, staffs, model, victim, other, leaver, markers, cursors }) {
        Object.assign(this, { api, staffs, model, victim, other, leaver, markers, cursors })
        this.ids = { victim: idsOf(victim, model), other: idsOf(other, model) }
        this.aimed = aimedAt(victim)
        this.aims = aimsOf(victim)
        this.bodies = {
            // Else a key would keep out the people who look.
            'access_rules.set': () => ({ second_factor_required: false }),
            // Signing in with success would end the session that the other operations are run with.
            'sessions.create': () => ({ email: 'nobody@beta.example', password: 'not the password' }),
            // Confirming, and another password, would give the session another cookie.
            'sessions.confirm': () => ({ password: 'not the password' }),
            'account.change_password': () => ({ current_password: 'not the password', new_password: 'another long password' }),
            // Within the campaign's flight: a refusal must be about the face.
            'campaigns.assign': (idOf) => ({ face_id: idOf('fac'), from: instant(span.to), share: 0.1 }),
            // Ingest explains its body in words only.
            'measurements.ingest': (idOf) => batchOf(idOf('dev'), `walls-${this.requests}`),
        }
    }

    actorOf(name) {
        if (name === 'nobody') return { who: null }
        if (name.startsWith('staff ')) return { who: this.staffs[name.slice(6)], scheme: 'session', role: 'staff', staffRole: name.slice(6) }
        if (name === 'leaver') return { who: this.leaver.person, scheme: 'session', role: 'manager' }
        if (name === 'device') return { who: this.other.device.token, scheme: 'device_token' }
        if (name === 'key of revoked') return { who: { bearer: this.other.keys.revoked.secret } }
        if (name === 'key of scoped') return { who: { bearer: this.other.keys.scoped.secret }, scheme: 'api_key', role: 'owner', scoped: true }
        if (name.startsWith('key of ')) return { who: { bearer: this.other.keys[name.slice(7)].secret }, scheme: 'api_key', role: name.slice(7) }
        return { who: this.other.people[name], scheme: 'session', role: name }
    }

    /** Every operation as one actor; `enough` ends it early. */
    async runAs(name, enough = () => false) {
        const actor = this.actorOf(name)
        if (name === 'leaver') await this.#repeat()
        await this.#ingest(name, actor)
        for (const operation of inOrder()) {
            // Staff are entitled to what their role may, and would change the victim itself; what it may not they are refused.
            if (actor.staffRole && operation.doc['x-staff-roles']?.includes(actor.staffRole)) continue
            for (const foreign of idMixtures(operation, shared)) await this.#runOne(name, actor, operation, foreign)
            if (operation.method === 'GET') for (const more of this.#narrowings(operation)) await this.#runOne(name, actor, operation, [], more)
            if (enough(this)) return
        }
    }

    /** Optional parameters, one at a time, aimed at the victim, beside the hunter's own ids. */
    #narrowings({ id, doc }) {
        const parameters = (doc.parameters ?? []).filter(({ in: place, required }) => place === 'query' && !required)
        return parameters.flatMap(({ name, schema }) => {
            if (name === 'from' || name === 'to') return []
            if (name === 'cursor') return (this.cursors[id] ?? []).map((cursor) => ({ limit: '200', cursor }))
            if (!this.aims[name]) throw new Error(`${id} takes '${name}'; say in aimsOf how it would ask for another company's`)
            return this.aims[name].filter((value) => accepts(schema, value)).map((value) => ({ [name]: value }))
        })
    }

    async #runOne(name, actor, operation, foreign, more = {}) {
        let place = -1
        const idOf = (prefix) => {
            if (shared.has(prefix)) return this.ids.other[prefix]
            place += 1
            return this.ids[foreign[place] ? 'victim' : 'other'][prefix]
        }
        const { path, query, body, ids } = requestOf(operation, idOf, this.bodies, this.aimed)
        if (ids.includes(undefined)) throw new Error(`${operation.id} wants an id of a kind that idsOf does not have`)
        const asked = { ...query, ...timesOf(operation, span), ...more }
        const answer = await this.api.send(actor.who, operation.method, path, { query: asked, body })
        this.requests += 1
        this.bytes += answer.bytes.length
        this.tried.add(operation.id)
        const sent = new Set([...ids, ...Object.values(more)])
        const wrong = this.markers.inAnswer(answer, sent).map((marker) => `shows ${marker}`)
        wrong.push(...faultsOf(operation, answer))
        // A filter that is refused asks for nothing; cursors are the hunter's to forge, and another company is none at all.
        const mustBeTaken = Object.keys(more).length > 0 && !more.cursor && (!more.company || actor.staffRole) && operation.doc.security?.length > 0
        const allowed = statusesOf(actor, operation, foreign, shared)
            .filter((status) => status < 400 || status === 401 || status === 403 || !mustBeTaken)
        if (answer.status >= 500 || !allowed.includes(answer.status)) wrong.push(`answered ${answer.status}, not ${allowed.join(' or ')}`)
        if (wrong.length === 0) return
        const whose = foreign.map((one) => (one ? 'theirs' : 'own')).join(', ')
        this.findings.push(`${name}: ${operation.method} ${path} ${JSON.stringify(asked)} (${whose}): ${wrong.join('; ')}`)
    }

    async #repeat() {
        const answer = await repeat(this.api, this.leaver.person)
        const again = await repeat(this.api, this.leaver.person)
        this.requests += 2
        if (answer.body.id === this.leaver.made.id) this.findings.push('leaver: a repeated request is answered with what was kept for another company')
        if (again.body.id !== answer.body.id) this.findings.push('leaver: a repeated request is carried out again')
    }

    /** Ingest takes a batch and judges its items: none of another company's device may be stored. */
    async #ingest(name, { who }) {
        const sent = batchOf(this.ids.victim.dev, `theirs-${this.requests}`)
        const { status, body } = await this.api.send(who, 'POST', '/v1/ingest/batch', { body: sent })
        this.requests += 1
        const isStored = status === 202 && Object.values(body.accepted).some((many) => many > 0)
        if (isStored) this.findings.push(`${name}: records of another company's device are stored`)
    }
}

/** Whether a parameter that names a closed list has the value. */
function accepts(schema, value) {
    const { enum: values } = resolve(document, schema.allOf?.[0] ?? schema)
    return !values || values.includes(value)
}
