import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { Hourglass } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Campaign, MapMetric } from '@/api/schema'
import { useCan } from '@/api/session'
import { CampaignChip } from '@/components/chip'
import { lazyDrawer } from '@/components/lazy-drawer'
import { PageFailure } from '@/components/notice'
import { Page } from '@/components/page'
import { SectionLinks } from '@/components/section-links'
import { ChartSkeleton } from '@/components/skeletons'
import { Dimmed, Empty, Failure } from '@/components/states'
import { AssetsPanel } from '@/features/analytics/assets-panel'
import { DwellChart } from '@/features/analytics/dwell-chart'
import { HeatPanel, type MapLayer } from '@/features/analytics/heat-panel'
import { KpiRow } from '@/features/analytics/kpi-row'
import { QualityPanel } from '@/features/analytics/quality-panel'
import { goalOf } from '@/features/analytics/goal'
import { metricsQuery, summaryQuery } from '@/features/analytics/queries'
import { useRegionLink } from '@/features/analytics/region-link'
import { TimeChart } from '@/features/analytics/time-chart'
import { campaignQuery } from '@/features/campaigns/queries'
import { CampaignSteps } from '@/features/campaigns/steps'
import { useText } from '@/lib/i18n/text'
import { rangeOf, spanOf, type Range, type Span } from '@/lib/range'
import { useFormat } from '@/lib/use-format'
import { CampaignSkeleton } from './campaign-skeleton'
import { RangeBar } from './range-bar'
import { useCampaignSearch, useChange } from './use-campaign-search'
import { useCompared } from './use-compared'

// Below the first screen: the numbers do not wait for them.
const RegionsPanel = lazy(() => import('@/features/analytics/regions-panel'))
const AssignmentsPanel = lazy(async () => ({ default: (await import('@/features/campaigns/assignments-panel')).AssignmentsPanel }))
const AssignDrawer = lazyDrawer(async () => (await import('@/features/campaigns/assign-drawer')).AssignDrawer)
const CampaignDrawer = lazyDrawer(async () => (await import('@/features/campaigns/campaign-drawer')).CampaignDrawer)

const route = '/shell/campaigns/$campaignId'

function Measured({ campaign, range, span, isComparing, now }: {
    campaign: Campaign; range: Range; span: Span; isComparing: boolean; now: number
}) {
    const { metric, set, at, layer = 'hexagons', region } = useSearch({ from: route })
    const change = useChange()
    const link = useRegionLink(region, (code) => change({ region: code }))
    const text = useText()
    const summary = useQuery({ ...summaryQuery(campaign.id, span), placeholderData: keepPreviousData })
    const metrics = useQuery({ ...metricsQuery(campaign.id, span, range.grain), placeholderData: keepPreviousData })
    const { compared, spans, totals, series } = useCompared(
        campaign, range, span, summary.data?.about.complete_to, isComparing)
    const bar = (
        <RangeBar
            campaign={campaign} range={range} now={now} onChange={change} compared={compared} isComparing={isComparing}
        />
    )
    if (summary.error) return <>{bar}<Failure error={summary.error} retry={() => void summary.refetch()} /></>
    if (!summary.data) return <>{bar}<CampaignSkeleton /></>
    const stale = summary.isPlaceholderData || metrics.isPlaceholderData
    const nothing = summary.data.totals.visits === 0 && summary.data.about.minutes_expected === 0
    return (
        <>
            {bar}
            <SectionLinks
                links={[
                    ['time', text('section.time')], ['map', text('map.heat.title')], ['regions', text('regions.title')],
                    ['quality', text('quality.title')], ['assets', text('by_asset.title')], ['dwell', text('dwell.title')],
                    ['faces', text('assign.list')],
                ]}
            />
            <Dimmed when={stale}>
                <div className="grid gap-3">
                    {nothing && (
                        <div className="rounded-md border border-line bg-surface">
                            <Empty icon={Hourglass} title={text('measured.none')} detail={text('measured.none.detail')} />
                        </div>
                    )}
                    <KpiRow summary={summary.data} compared={totals} goal={range.whole ? goalOf(campaign, summary.data, now) : null} />
                    {metrics.error
                        ? <Failure error={metrics.error} retry={() => void metrics.refetch()} />
                        : metrics.data
                            ? <TimeChart metrics={metrics.data} campaignName={campaign.name} before={series} />
                            : <ChartSkeleton />}
                    <HeatPanel
                        campaign={campaign} range={range} span={span} metric={metric ?? 'ots'}
                        onMetric={(next: MapMetric) => change({ metric: next })} at={at} onAt={(next) => change({ at: next })}
                        layer={layer} onLayer={(next: MapLayer) => change(next === 'regions' ? { layer: next, at: undefined } : { layer: undefined, region: undefined })}
                        set={set} link={link}
                    />
                    <div className="grid gap-3 xl:grid-cols-[3fr_2fr]">
                        <Suspense fallback={<ChartSkeleton />}>
                            <RegionsPanel
                                campaign={campaign} span={span} set={set} onSet={(next) => change({ set: next, region: undefined })}
                                compared={spans} link={layer === 'regions' ? link : undefined}
                            />
                        </Suspense>
                        <QualityPanel summary={summary.data} />
                        <AssetsPanel summary={summary.data} compared={totals} />
                        <DwellChart summary={summary.data} campaignName={campaign.name} />
                    </div>
                </div>
            </Dimmed>
        </>
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
    const change = useChange()
    const mayEdit = useCan('campaigns.edit')
    const query = useQuery(campaignQuery(campaignId))
    const campaign = query.data
    // One "now" for the life of the page, so that the range does not move under the reader.
    const [now] = useState(() => Date.now())
    const { from, to, grain, compare, open } = useCampaignSearch(campaign, now)
    const range = useMemo(
        () => (campaign ? rangeOf({ ...(from && to ? { from, to } : {}), ...(grain ? { grain } : {}) }, campaign, campaign.zone, now) : null),
        [campaign, from, to, grain, now])
    const span = useMemo(() => (range && campaign ? spanOf(range.from, range.to, campaign.zone) : null), [range, campaign])
    if (query.error) return <PageFailure error={query.error} retry={() => void query.refetch()} back={{ to: '/campaigns', label: text('nav.campaigns') }} />
    if (!campaign || !range || !span) return <CampaignSkeleton />
    return (
        <Page
            title={campaign.name}
            chip={<CampaignChip state={campaign.state} />}
            crumbs={{ to: '/campaigns', label: text('nav.campaigns') }}
            facts={<CampaignFacts campaign={campaign} />}
            action={mayEdit && <CampaignSteps campaign={campaign} onEdit={() => change({ open: 'edit' })} />}
        >
            <Measured campaign={campaign} range={range} span={span} isComparing={compare === 'before'} now={now} />
            <div className="pt-3"><Suspense fallback={<ChartSkeleton />}><AssignmentsPanel campaign={campaign} /></Suspense></div>
            <CampaignDrawer
                campaign={campaign} isOpen={open === 'edit' && mayEdit}
                onClose={() => change({ open: undefined })} onSaved={() => change({ open: undefined })}
            />
            <AssignDrawer campaign={campaign} isOpen={open === 'assign' && mayEdit} onClose={() => change({ open: undefined })} />
        </Page>
    )
}
