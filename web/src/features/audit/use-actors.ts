import { useRef } from 'react'
import type { AuditEvent } from '@/api/schema'
import { useText } from '@/lib/i18n/text'
import { actorWords } from './words'

/**
 * Who did something, by name, as far as their events have been shown here: a filter that hides the others' does not
 * forget them. One that is chosen by the address alone is called by the id until an event of theirs has come.
 */
export function useActors(events: readonly AuditEvent[], chosen: string | undefined) {
    const text = useText()
    const seen = useRef(new Map<string, string>())
    for (const event of events) {
        const { id } = event.actor
        if (id) seen.current.set(id, actorWords(text, event))
    }
    const known = [...seen.current].map(([id, label]) => ({ id, label })).sort((a, b) => a.label.localeCompare(b.label))
    return !chosen || seen.current.has(chosen) ? known : [...known, { id: chosen, label: chosen }]
}
