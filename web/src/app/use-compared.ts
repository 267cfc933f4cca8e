import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Campaign } from '@/api/schema'
import { metricsQuery, summaryQuery } from '@/features/analytics/queries'
import { comparedSpans } from '@/lib/comparison'
import type { Range, Span } from '@/lib/range'

/** The figures of the days before, asked for once it is known up to where the chosen days are complete. */
export function useCompared(campaign: Campaign, range: Range, span: Span, completeTo: string | undefined, isOn: boolean) {
    const compared = useMemo(
        () => (completeTo ? comparedSpans(range, campaign, campaign.zone, completeTo) : undefined),
        [range, campaign, completeTo])
    const spans = isOn && compared ? compared : undefined
    const enabled = spans !== undefined
    const now = useQuery({ ...summaryQuery(campaign.id, spans?.now ?? span), enabled })
    const before = useQuery({ ...summaryQuery(campaign.id, spans?.before ?? span), enabled })
    const series = useQuery({ ...metricsQuery(campaign.id, spans?.before ?? span, range.grain), enabled })
    return {
        compared,
        spans,
        totals: spans && now.data && before.data ? { now: now.data, before: before.data } : undefined,
        series: spans && series.data ? { metrics: series.data, shift: spans.shift } : undefined,
    }
}
