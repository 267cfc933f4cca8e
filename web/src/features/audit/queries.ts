import { listQuery } from '@/api/queries'
import { spanOf } from '@/lib/range'
import type { AuditOutcome } from '@/api/schema'
import type { Noun } from './nouns'

export interface AuditSearch {
    noun?: Noun | undefined
    /** One action, "campaign.launched". */
    action?: string | undefined
    /** Id of who did it. */
    actor?: string | undefined
    outcome?: AuditOutcome | undefined
    /** For staff: what staff did in this company. */
    company?: string | undefined
    /** Id of a person, a key or a thing. */
    q?: string | undefined
    from?: string | undefined
    to?: string | undefined
}

/** Ids of people and programs are looked for among those who act, all others among what they act on. */
const isActor = (id: string) => /^(usr|key)_/.test(id)

function ids({ actor, q }: AuditSearch): { actor_id?: string; resource_id?: string } {
    if (actor) return { actor_id: actor, ...(q ? { resource_id: q } : {}) }
    return q ? (isActor(q) ? { actor_id: q } : { resource_id: q }) : {}
}

export function filterOf(search: AuditSearch, zone: string) {
    const { noun, action, outcome, company, from, to } = search
    const span = spanOf(from ?? '1970-01-01', to ?? '9998-12-31', zone)
    return {
        ...(action ? { action } : noun ? { action: `${noun}.` } : {}),
        ...(outcome ? { outcome } : {}),
        ...(company ? { company } : {}),
        ...ids(search),
        ...(from ? { from: span.from } : {}),
        ...(to ? { to: span.to } : {}),
    }
}

export const auditQuery = (search: AuditSearch, zone: string) => listQuery('GET /v1/audit-events', { query: filterOf(search, zone) })

export function exportLink(search: AuditSearch, zone: string, format: 'csv' | 'json') {
    const words = new URLSearchParams(Object.entries(filterOf(search, zone))).toString()
    return `/v1/audit-events/export.${format}${words ? `?${words}` : ''}`
}
