import { QueryClient } from '@tanstack/react-query'
import { ProblemError } from '@/api/client'

function isRefusal(error: unknown): boolean {
    return error instanceof ProblemError && error.problem.status < 500
}

export const queryClient: QueryClient = new QueryClient({
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
