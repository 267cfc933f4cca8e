import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Span } from '@/lib/range'
import { regionSetsQuery, regionsQuery } from './queries'

/** The company's sets of regions, the one that is chosen, and the campaign's figures in it. */
export function useRegions(campaignId: string, span: Span, set: string | undefined) {
    const sets = useQuery(regionSetsQuery)
    const chosen = sets.data?.items.find((one) => one.id === set) ?? sets.data?.items[0]
    const query = useQuery({
        ...regionsQuery(campaignId, span, chosen?.id ?? ''), enabled: chosen !== undefined, placeholderData: keepPreviousData,
    })
    return { sets, chosen, query }
}
