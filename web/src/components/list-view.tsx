import type { UseInfiniteQueryResult, InfiniteData } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { itemsOf } from '@/api/queries'
import type { Page } from '@/api/schema'
import { useText } from '@/lib/i18n/text'
import { Button } from './button'
import { TableSkeleton } from './skeletons'
import { Dimmed, Failure } from './states'

/** A list in any of its conditions: coming, failed, empty, shown, and with more to fetch. */
export function ListView<Item>({ query, empty, children }: {
    query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>
    empty: ReactNode
    children: (items: Item[]) => ReactNode
}) {
    const text = useText()
    const items = itemsOf(query.data)
    if (!items) {
        return query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <TableSkeleton />
    }
    return (
        <Dimmed when={query.isPlaceholderData}>
            {items.length === 0 ? empty : children(items)}
            {query.hasNextPage && (
                <div className="flex justify-center border-t border-line p-3">
                    <Button onPress={() => void query.fetchNextPage()} isDisabled={query.isFetchingNextPage}>
                        {text('action.load_more')}
                    </Button>
                </div>
            )}
        </Dimmed>
    )
}
