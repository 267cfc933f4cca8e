import type { Campaign, Summary } from '@/api/schema'

export interface Goal { reached: number; gone: number }

/** How much of the impressions that were promised is there, beside how much of the flight is over; both from 0 to 1 and on. */
export function goalOf(campaign: Pick<Campaign, 'goal_impressions' | 'from' | 'to'>, summary: Summary, now: number): Goal | null {
    if (campaign.goal_impressions === null || now < Date.parse(campaign.from)) return null
    const [from, to] = [Date.parse(campaign.from), Date.parse(campaign.to)]
    return { reached: summary.totals.ots / campaign.goal_impressions, gone: Math.min(1, (now - from) / (to - from)) }
}
