import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { call, ProblemError, rememberSession } from './client'
import type { Session } from './schema'

export const sessionQuery = queryOptions({
    queryKey: ['session'],
    queryFn: async ({ signal }): Promise<Session | null> => {
        try {
            const session = await call('GET /v1/sessions/current', {}, signal)
            rememberSession(session)
            return session
        } catch (error) {
            if (error instanceof ProblemError && error.problem.status === 401) return null
            throw error
        }
    },
    staleTime: 5 * 60_000,
})

/** The session of a signed-in page. The router lets nobody in without one. */
export function useSession(): Session {
    const { data } = useSuspenseQuery(sessionQuery)
    if (!data) throw new Error('a page for signed-in people was drawn without a session')
    return data
}

export const can = (session: Session, permission: string) => session.permissions.includes(permission)

/** What a member of Mobilytics' own staff may, above the companies. */
export const staffMay = (session: Session, permission: string) => session.staff_permissions.includes(permission)

export function useCan(permission: string): boolean {
    return can(useSession(), permission)
}
