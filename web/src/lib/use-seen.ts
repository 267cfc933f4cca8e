import { useState } from 'react'

/**
 * A thing as it was when its form was opened: what an edit is about, and whose version it names. Asking again behind the
 * form's back changes nothing; one's own save (`see`) and `load` do.
 */
export function useSeen<Thing>(thing: Thing, ask: () => Promise<Thing>) {
    const [seen, see] = useState(thing)
    return { seen, see, load: async () => see(await ask()) }
}
export type Seen<Thing> = ReturnType<typeof useSeen<Thing>>

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Field by field: what somebody else changed is as it is now, everything else as it was typed. */
export function merged<Draft extends object>(opened: Draft, typed: Draft, now: Draft): Draft {
    const field = (name: keyof Draft) => (isSame(opened[name], now[name]) ? typed : now)[name]
    return Object.fromEntries((Object.keys(now) as (keyof Draft)[]).map((name) => [name, field(name)])) as Draft
}

/** What is typed over a thing. When another state of it is seen, that is merged into what was typed. */
export function useDraft<Thing, Draft extends object>(seen: Thing, draftOf: (thing: Thing) => Draft) {
    const [base, setBase] = useState(seen)
    const [draft, setDraft] = useState(() => draftOf(seen))
    if (base !== seen) {
        setBase(seen)
        setDraft(merged(draftOf(base), draft, draftOf(seen)))
    }
    const set = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
    return [draft, set] as const
}
