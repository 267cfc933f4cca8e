import type { Input, OperationName, Problem, Reply, Session } from './schema'

/** The server refused: `problem` says what, why and under which request id. */
export class ProblemError extends Error {
    constructor(readonly problem: Problem) {
        super(problem.detail ?? problem.title)
        this.name = 'ProblemError'
    }
}

/** No answer came back at all: the network or the server is away. */
export class OfflineError extends Error {
    constructor(cause: unknown) {
        super('the server did not answer', { cause })
        this.name = 'OfflineError'
    }
}

/** Whoever was signed in is not any more. */
export const isSignedOut = (error: unknown) =>
    error instanceof ProblemError && error.problem.status === 401 && error.problem.code !== 'auth.wrong_credentials'

let csrfToken: string | null = null
export const hasSession = () => csrfToken !== null
export function rememberSession(session: Session | null) {
    csrfToken = session?.csrf_token ?? null
}

/** Somebody else was quicker with what was to be edited. */
export const isChanged = (error: unknown) => error instanceof ProblemError && error.problem.status === 412

/** There is no such thing, or no longer. */
export const isGone = (error: unknown) => error instanceof ProblemError && error.problem.status === 404

/** Ends the session of this moment, now or when it is called again: what it takes is forgotten with the page's session. */
export function endSession(): () => Promise<void> {
    const token = csrfToken
    return async () => {
        const present = csrfToken
        csrfToken = token
        const ended = call('DELETE /v1/sessions/current', {})
        csrfToken = present
        await ended
    }
}

interface AnyInput {
    path?: Record<string, string>
    query?: Record<string, string | number | undefined>
    body?: unknown
    version?: string
}

export function urlOf(template: string, input: AnyInput = {}): string {
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.path?.[name] ?? ''))
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(input.query ?? {})) {
        if (value !== undefined && value !== '') query.set(name, String(value))
    }
    const text = query.toString()
    return text ? `${path}?${text}` : path
}

async function problemOf(response: Response): Promise<Problem> {
    const plain: Problem = {
        type: 'about:blank', title: response.statusText, status: response.status, code: 'http',
        instance: response.headers.get('x-request-id') ?? '',
    }
    if (!response.headers.get('content-type')?.includes('json')) return plain
    try {
        return { ...plain, ...((await response.json()) as Partial<Problem>) }
    } catch {
        return plain
    }
}

/** Performs one operation of the API. Throws ProblemError when refused and OfflineError when nobody answered. */
export async function call<Name extends OperationName>(
    name: Name, given: Input<Name>, signal?: AbortSignal,
): Promise<Reply<Name>> {
    const [method, template] = name.split(' ') as [string, string]
    const input = given as AnyInput
    const headers: Record<string, string> = { accept: 'application/json' }
    if (input.version !== undefined) headers['if-match'] = `"${input.version}"`
    if (method !== 'GET' && csrfToken) headers['x-csrf-token'] = csrfToken
    const init: RequestInit = { method, headers, credentials: 'same-origin' }
    if (signal) init.signal = signal
    if (input.body !== undefined) {
        headers['content-type'] = 'application/json'
        init.body = JSON.stringify(input.body)
    }
    let response: Response
    try {
        response = await fetch(urlOf(template, input), init)
    } catch (error) {
        if (signal?.aborted) throw error
        throw new OfflineError(error)
    }
    if (!response.ok) {
        const error = new ProblemError(await problemOf(response))
        // A session that ended elsewhere shows itself on any call.
        if (isSignedOut(error) && hasSession()) window.dispatchEvent(new Event('mobilytics:signed-out'))
        throw error
    }
    if (response.status === 204) return undefined as Reply<Name>
    return (await response.json()) as Reply<Name>
}
