import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRouter, type AnyRouter } from '@tanstack/react-router'
import { rememberSession } from '@/api/client'
import { sessionQuery } from '@/api/session'

/** To the sign-in page, and only then away with what the pages were drawn from: they stand until the other one does. */
export async function leave(router: AnyRouter, client: QueryClient, next?: string) {
    rememberSession(null)
    await router.navigate({ to: '/sign-in', search: next ? { next } : {} })
    client.clear()
    client.setQueryData(sessionQuery.queryKey, null)
}

export function useLeave() {
    const client = useQueryClient()
    const router = useRouter()
    return () => leave(router, client)
}
