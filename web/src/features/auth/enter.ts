import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { call, rememberSession } from '@/api/client'
import type { SignIn } from '@/api/schema'
import { sessionQuery } from '@/api/session'
import { activate } from '@/lib/i18n/text'
import { chosenLocale } from '@/lib/locale-choice'

/** Signs in and goes on to a page; what was cached for somebody else is forgotten. */
export function useEnter() {
    const client = useQueryClient()
    const router = useRouter()
    return async (shown: SignIn, next = '/') => {
        const session = await call('POST /v1/sessions', { body: shown })
        rememberSession(session)
        client.clear()
        client.setQueryData(sessionQuery.queryKey, session)
        await activate(chosenLocale(session.user.locale))
        router.history.push(next)
    }
}
