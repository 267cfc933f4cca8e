import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Campaign } from '@/api/schema'
import { comparesByHabit, rememberedDays } from '@/lib/range-choice'

const route = '/shell/campaigns/$campaignId'

export function useChange() {
    const navigate = useNavigate({ from: '/campaigns/$campaignId' })
    return (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true, resetScroll: false })
}

function habitsOf(campaign: Campaign, now: number) {
    const days = rememberedDays(campaign, campaign.zone, now)
    const compare = comparesByHabit() ? { compare: 'before' as const } : {}
    return days || 'compare' in compare ? { ...days, ...compare } : null
}

/**
 * What the address says. One without days takes those that the reader chose last, and then says so: the address stays
 * the whole state. "Whole flight", chosen on the page, is not overruled, because habits count only on arrival.
 */
export function useCampaignSearch(campaign: Campaign | undefined, now: number) {
    const search = useSearch({ from: route })
    const change = useChange()
    const [arrived, setArrived] = useState<string | null>(null)
    const isBare = search.from === undefined && search.compare === undefined
    const habits = campaign && isBare && arrived !== campaign.id ? habitsOf(campaign, now) : null
    useEffect(() => {
        if (!campaign || arrived === campaign.id) return
        if (habits) change(habits)
        else setArrived(campaign.id)
        // The habits follow from the campaign and the address.
    }, [campaign, arrived, isBare])
    return habits ? { ...search, ...habits } : search
}
