import type { AuditEvent } from '@/api/schema'
import { isMessage, type Text } from '@/lib/i18n/text'

/** Who did it: a name where there is one, else what kind of actor it was. */
export function actorWords(text: Text, { actor }: AuditEvent): string {
    if (actor.label) return actor.label
    const id = `audit.actor.${actor.kind}`
    return isMessage(id) ? text(id) : actor.kind
}

/** A field's value as it stands in the event: a text, a number, nothing. */
export function valueWords(value: unknown): string {
    if (value === undefined || value === null || value === '') return '—'
    return typeof value === 'string' ? value : JSON.stringify(value)
}

/** How the actor proved who they are; a way that this page does not know yet stands as the server names it. */
export function methodWords(text: Text, method: string): string {
    const id = `audit.method.${method}`
    return isMessage(id) ? text(id) : method
}
