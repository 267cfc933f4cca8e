import type { QueryClient } from '@tanstack/react-query'
import { itemsOf } from '@/api/queries'
import type { Page } from '@/api/schema'
import { SaidError } from './said-error'

/** One item of a list as it is now. */
export async function itemNow<T>(
    client: QueryClient, { queryKey }: { queryKey: readonly unknown[] }, isIt: (item: T) => boolean,
): Promise<T> {
    await client.refetchQueries({ queryKey }, { throwOnError: true })
    const item = itemsOf(client.getQueryData<{ pages: Page<T>[] }>(queryKey))?.find(isIt)
    if (!item) throw new SaidError('error.404.title', 'error.404.detail')
    return item
}
