import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { oneQuery } from '@/api/queries'

const pollMs = 15_000

// All vehicles in one answer: the operation has no pages and takes no parameters.
export const positionsQuery = infiniteQueryOptions({
    queryKey: ['GET /v1/vehicles/positions'],
    queryFn: ({ signal }) => call('GET /v1/vehicles/positions', {}, signal),
    initialPageParam: undefined,
    getNextPageParam: () => undefined,
    refetchInterval: pollMs,
    staleTime: 0,
})
export const basemapQuery = queryOptions({ ...oneQuery('GET /v1/basemap', {}), staleTime: Infinity })
