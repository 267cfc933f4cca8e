import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Campaign, Grain, MapMetric } from '@/api/schema'
import { useCan } from '@/api/session'
import { CampaignChip } from '@/components/chip'
import { lazyDrawer } from '@/components/lazy-drawer'
import { Segments } from '@/components/filters'
import { Page } from '@/components/page'
import type { Days } from '@/components/range-picker'
import { Dimmed, Empty, Failure, Waiting } from '@/components/states'
import { AssetsPanel } from '@/features/analytics/assets-panel'
import { DwellChart } from '@/features/analytics/dwell-chart'
import { HeatPanel } from '@/features/analytics/heat-panel'
import { KpiRow } from '@/features/analytics/kpi-row'
import { QualityPanel } from '@/features/analytics/quality-panel'
import { metricsQuery, summaryQuery } from '@/features/analytics/queries'
import { RegionsPanel } from '@/features/analytics/regions-panel'
import { TimeChart } from '@/features/analytics/time-chart'
import { AssignmentsPanel } from '@/features/campaigns/assignments-panel'
import { campaignQuery } from '@/features/campaigns/queries'
import { CampaignSteps } from '@/features/campaigns/steps'
import { zoneName } from '@/lib/format'
import { useLocale, useText } from '@/lib/i18n/text'
import { rangeOf, spanOf, type Range, type Span } from '@/lib/range'
import { useFormat } from '@/lib/use-format'

// The calendar is as large as the rest of the page: the numbers do not wait for it.
const RangePicker = lazy(() => import('@/components/range-picker'))
const AssignDrawer = lazyDrawer(async () => (await import('@/features/campaigns/assign-drawer')).AssignDrawer)
const CampaignDrawer = lazyDrawer(async () => (await import('@/features/campaigns/campaign-drawer')).CampaignDrawer)

const route = '/shell/campaigns/$campaignId'

function useChange() {
    const navigate = useNavigate({ from: '/campaigns/$campaignId' })
    return (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true, resetScroll: false })
}

function RangeBar({ campaign, range }: { campaign: Campaign; range: Range }) {
    const text = useText()
    const locale = useLocale()
    const change = useChange()
    const { grain } = range
    return (
        <div className="mb-3 flex flex-wrap items-center gap-2">
            <Suspense fallback={<span className="h-8 w-56 rounded-md border border-line pointer-coarse:h-10" />}>
                <RangePicker
                    value={{ from: range.from, to: range.to }}
                    onChange={(days: Days) => change({ ...days, grain: undefined })}
                />
            </Suspense>
            <Segments<Grain>
                label={text('range.grain')}
                value={grain}
                onChange={(next) => change({ grain: next })}
                choices={[{ id: 'hour', label: text('range.hour') }, { id: 'day', label: text('range.day') }]}
            />
            {!range.whole && (
                <button
                    type="button"
                    className="h-8 cursor-pointer px-1 text-sm text-accent-strong hover:underline"
                    onClick={() => change({ from: undefined, to: undefined, grain: undefined })}
                >
                    {text('range.whole')}
                </button>
            )}
            <span className="text-sm text-ink-soft">
                {text('range.zone', { zone: zoneName(campaign.zone, locale, new Date(campaign.from)) })}
            </span>
        </div>
    )
}

function Measured({ campaign, range, span }: { campaign: Campaign; range: Range; span: Span }) {
    const { metric, set } = useSearch({ from: route })
    const change = useChange()
    const text = useText()
    const summary = useQuery({ ...summaryQuery(campaign.id, span), placeholderData: keepPreviousData })
    const metrics = useQuery({ ...metricsQuery(campaign.id, span, range.grain), placeholderData: keepPreviousData })
    if (summary.error) return <Failure error={summary.error} retry={() => void summary.refetch()} />
    if (!summary.data) return <Waiting height={520} />
    const stale = summary.isPlaceholderData || metrics.isPlaceholderData
    const nothing = summary.data.totals.visits === 0 && summary.data.about.minutes_expected === 0
    return (
        <Dimmed when={stale}>
            <div className="grid gap-3">
                {nothing && (
                    <div className="rounded-md border border-line bg-surface">
                        <Empty title={text('measured.none')} detail={text('measured.none.detail')} />
                    </div>
                )}
                <KpiRow summary={summary.data} />
                {metrics.error
                    ? <Failure error={metrics.error} retry={() => void metrics.refetch()} />
                    : metrics.data
                        ? <TimeChart metrics={metrics.data} campaignName={campaign.name} />
                        : <Waiting height={320} />}
                <HeatPanel
                    campaignId={campaign.id} span={span} metric={metric ?? 'ots'}
                    onMetric={(next: MapMetric) => change({ metric: next })}
                />
                <div className="grid gap-3 xl:grid-cols-[3fr_2fr]">
                    <RegionsPanel campaignId={campaign.id} span={span} set={set} onSet={(next) => change({ set: next })} />
                    <QualityPanel summary={summary.data} />
                    <AssetsPanel summary={summary.data} />
                    <DwellChart summary={summary.data} campaignName={campaign.name} />
                </div>
            </div>
        </Dimmed>
    )
}

function CampaignFacts({ campaign }: { campaign: Campaign }) {
    const text = useText()
    const format = useFormat()
    const facts = [
        campaign.advertiser,
        text('campaigns.flight', {
            from: format.date(campaign.from, campaign.zone),
            to: format.date(new Date(Date.parse(campaign.to) - 1).toISOString(), campaign.zone),
        }),
        text('campaigns.asset_count', { count: campaign.asset_count }),
        campaign.goal_impressions !== null && text('campaigns.goal.fact', { goal: format.short(campaign.goal_impressions) }),
        campaign.dayparts.length > 0 && text('campaigns.daypart_count', { count: campaign.dayparts.length }),
    ].filter(Boolean)
    return <>{facts.join(' · ')}</>
}

export function CampaignPage() {
    const text = useText()
    const { campaignId } = useParams({ from: route })
    const search = useSearch({ from: route })
    const change = useChange()
    const mayEdit = useCan('campaigns.edit')
    const query = useQuery(campaignQuery(campaignId))
    const campaign = query.data
    // One "now" for the life of the page, so that the range does not move under the reader.
    const [now] = useState(() => Date.now())
    const { from, to, grain } = search
    const range = useMemo(
        () => (campaign ? rangeOf({ ...(from && to ? { from, to } : {}), ...(grain ? { grain } : {}) }, campaign, campaign.zone, now) : null),
        [campaign, from, to, grain, now])
    const span = useMemo(() => (range && campaign ? spanOf(range.from, range.to, campaign.zone) : null), [range, campaign])
    if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
    if (!campaign || !range || !span) return <Waiting height={640} />
    return (
        <Page
            title={campaign.name}
            chip={<CampaignChip state={campaign.state} />}
            crumbs={{ to: '/campaigns', label: text('nav.campaigns') }}
            facts={<CampaignFacts campaign={campaign} />}
            action={mayEdit && <CampaignSteps campaign={campaign} onEdit={() => change({ open: 'edit' })} />}
        >
            <RangeBar campaign={campaign} range={range} />
            <Measured campaign={campaign} range={range} span={span} />
            <div className="pt-3"><AssignmentsPanel campaign={campaign} /></div>
            <CampaignDrawer
                campaign={campaign} isOpen={search.open === 'edit' && mayEdit}
                onClose={() => change({ open: undefined })} onSaved={() => change({ open: undefined })}
            />
            <AssignDrawer campaign={campaign} isOpen={search.open === 'assign' && mayEdit} onClose={() => change({ open: undefined })} />
        </Page>
    )
}
