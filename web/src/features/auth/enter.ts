import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { call, rememberSession } from '@/api/client'
import { tellOtherTabs } from '@/api/other-tabs'
import type { SignIn } from '@/api/schema'
import { sessionQuery } from '@/api/session'
import { followAccount } from '@/lib/locale-choice'

/** Signs in and goes on to a page; what was cached for somebody else is forgotten. */
export function useEnter() {
    const client = useQueryClient()
    const router = useRouter()
    return async (shown: SignIn, next = '/') => {
        const session = await call('POST /v1/sessions', { body: shown })
        rememberSession(session)
        client.clear()
        client.setQueryData(sessionQuery.queryKey, session)
        tellOtherTabs()
        await followAccount(session.user.locale)
        router.history.replace(next)
    }
}
