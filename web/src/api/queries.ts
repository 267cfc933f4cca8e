import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from './client'
import type { Input, OperationName, Page, Reply } from './schema'

type Lists = {
    [Name in OperationName]: Reply<Name> extends Page<unknown> ? Name : never
}[OperationName]
type Item<Name extends Lists> = Reply<Name> extends Page<infer T> ? T : never

const pageSize = 200

// Where the name is any of all operations, the compiler cannot work out what belongs to it: the callers' types say so.
const ask = call as (name: string, input: unknown, signal: AbortSignal) => Promise<unknown>

/** One page of a list after another; `itemsOf(data)` is what has come so far. */
export function listQuery<Name extends Lists>(name: Name, input: Input<Name>) {
    return infiniteQueryOptions({
        queryKey: [name, input] as const,
        initialPageParam: undefined as string | undefined,
        queryFn: async ({ pageParam, signal }) => {
            const given = input as { query?: object }
            const paged = { ...given, query: { limit: pageSize, ...given.query, cursor: pageParam } }
            return (await ask(name, paged, signal)) as Page<Item<Name>>
        },
        getNextPageParam: (page) => page.next_cursor ?? undefined,
    })
}

export const itemsOf = <T>(data: { pages: Page<T>[] } | undefined): T[] | undefined =>
    data?.pages.flatMap((page) => page.items)

/** A single reply, cached under its operation and input. */
export function oneQuery<Name extends OperationName>(name: Name, input: Input<Name>) {
    return queryOptions({
        queryKey: [name, input] as const,
        queryFn: ({ signal }) => ask(name, input, signal) as Promise<Reply<Name>>,
    })
}
