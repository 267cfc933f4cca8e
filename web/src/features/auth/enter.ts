import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { call, rememberSession } from '@/api/client'
import { tellOtherTabs } from '@/api/other-tabs'
import type { Session, SignIn } from '@/api/schema'
import { sessionQuery } from '@/api/session'
import { followAccount } from '@/lib/locale-choice'

/** Goes on to a page with a session just opened; what was cached for somebody else is forgotten. */
export function useEntered() {
    const client = useQueryClient()
    const router = useRouter()
    return async (session: Session, next = '/') => {
        rememberSession(session)
        client.clear()
        client.setQueryData(sessionQuery.queryKey, session)
        tellOtherTabs()
        await followAccount(session.user.locale)
        router.history.replace(next)
    }
}

/** Signs in and goes on to a page. */
export function useEnter() {
    const entered = useEntered()
    return async (shown: SignIn, next?: string) => entered(await call('POST /v1/sessions', { body: shown }), next)
}
