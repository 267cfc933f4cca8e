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

/** Where to go after sign-in: a path on this host and nothing else. */
export function safeNext(value: unknown): string | undefined {
    if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value) || value.startsWith('/sign-in')) return undefined
    return value
}
