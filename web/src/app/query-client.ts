import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ProblemError, rememberSession } from '@/api/client'
import { sessionQuery } from '@/api/session'

function isRefusal(error: unknown): boolean {
    return error instanceof ProblemError && error.problem.status < 500
}

// A session that ended elsewhere shows itself as a 401 on any call. The page asks the router, which sends to sign-in.
function onError(error: unknown) {
    if (!(error instanceof ProblemError) || error.problem.status !== 401) return
    if (error.problem.code === 'auth.wrong_credentials') return
    rememberSession(null)
    queryClient.setQueryData(sessionQuery.queryKey, null)
    window.dispatchEvent(new Event('mobilytics:signed-out'))
}

export const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
        mutations: { networkMode: 'always' },
        queries: {
            // A lost connection is said, not waited out in silence.
            networkMode: 'always',
            staleTime: 30_000,
            refetchOnWindowFocus: false,
            retry: (failures, error) => !isRefusal(error) && failures < 1,
        },
    },
})
