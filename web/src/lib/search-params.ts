// Reading the address bar: what makes no sense is dropped, never an error page. A dropped name is there with no
// value, because the router hands through what a validator does not name.
type Search = Record<string, unknown>

/** The address as it is written: `?q=7` is the text "7", and nothing is wrapped in quotes. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text))
export function stringifySearch(search: Search): string {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '')
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
    return text ? `?${text}` : ''
}

/** The value of `name` when it is one of `choices`, as an object to spread into the page's search. */
export function oneOf<Name extends string, const Choices extends readonly string[]>(
    search: Search, name: Name, choices: Choices,
): { [K in Name]?: Choices[number] } {
    const value = search[name]
    const found = choices.find((choice) => choice === value)
    return { [name]: found } as { [K in Name]?: Choices[number] }
}

/** A short free word, such as a search text or an id. */
export function wordOf<Name extends string>(search: Search, name: Name): { [K in Name]?: string } {
    const value = search[name]
    const kept = typeof value === 'string' && value.length > 0 && value.length <= 200
    return { [name]: kept ? value : undefined } as { [K in Name]?: string }
}

/** A day, "2026-03-08", that the calendar has. */
export function dayOf<Name extends string>(search: Search, name: Name): { [K in Name]?: string } {
    const value = search[name]
    const at = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined
    const kept = at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(String(value))
    return { [name]: kept ? value : undefined } as { [K in Name]?: string }
}

/** Where to go after sign-in: a path on this host and nothing else. */
export function safeNext(value: unknown): string | undefined {
    // Browsers leave tabs and line ends out of an address, so that one of them can hide a second slash.
    if (typeof value !== 'string' || !/^\/(?![/\\])[^\u0000-\u0020\u007f]*$/.test(value) || value.startsWith('/sign-in')) return undefined
    return value
}
