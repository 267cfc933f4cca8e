import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Megaphone, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { campaignStates, type Campaign } from '@/api/schema'
import { useCan } from '@/api/session'
import { LinkButton } from '@/components/button'
import { CampaignChip } from '@/components/chip'
import { DataTable, type Column } from '@/components/data-table'
import { SearchField } from '@/components/field'
import { ChipFilter } from '@/components/filters'
import { lazyDrawer } from '@/components/lazy-drawer'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty, NoneMatch } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useTyped } from '@/lib/use-typed'
import { campaignsQuery } from './queries'

const CampaignDrawer = lazyDrawer(async () => (await import('./campaign-drawer')).CampaignDrawer)

/** The flight as days of its zone; the end is the last day that is in it. */
function lastInstant(campaign: Campaign): string {
    return new Date(Date.parse(campaign.to) - 1).toISOString()
}

function useColumns(): Column<Campaign>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        {
            id: 'name', header: text('campaigns.name'), value: (campaign) => campaign.name, wide: true,
            cell: (campaign) => (
                <Link to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} className="hover:underline">
                    {campaign.name}
                </Link>
            ),
        },
        {
            id: 'state', header: text('campaigns.state'), value: (campaign) => campaignStates.indexOf(campaign.state),
            cell: (campaign) => <CampaignChip state={campaign.state} />,
        },
        { id: 'advertiser', header: text('campaigns.advertiser'), value: (campaign) => campaign.advertiser || null },
        {
            id: 'from', header: text('campaigns.first_day'), value: (campaign) => campaign.from,
            cell: (campaign) => <span className="whitespace-nowrap">{format.date(campaign.from, campaign.zone)}</span>,
        },
        {
            id: 'to', header: text('campaigns.last_day'), value: (campaign) => campaign.to,
            cell: (campaign) => <span className="whitespace-nowrap">{format.date(lastInstant(campaign), campaign.zone)}</span>,
        },
        { id: 'assets', header: text('campaigns.assets'), value: (campaign) => campaign.asset_count, cell: (campaign) => format.exact(campaign.asset_count), numeric: true },
        {
            id: 'goal', header: text('campaigns.goal'), value: (campaign) => campaign.goal_impressions, numeric: true,
            cell: (campaign) => <span title={format.exact(campaign.goal_impressions)}>{format.short(campaign.goal_impressions)}</span>,
        },
    ], [text, format])
}

export function CampaignListPage() {
    const text = useText()
    const { state, q, open } = useSearch({ from: '/shell/campaigns' })
    const navigate = useNavigate({ from: '/campaigns' })
    const mayEdit = useCan('campaigns.edit')
    const columns = useColumns()
    const query = useInfiniteQuery({ ...campaignsQuery(state, q), placeholderData: keepPreviousData })
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    const [typed, setTyped] = useTyped(q ?? '', (next) => search({ q: next || undefined }))
    const filtered = state !== undefined || q !== undefined
    const create = mayEdit && (
        <LinkButton to="/campaigns" search={{ open: 'new' }} kind="primary">
            <Plus size={15} aria-hidden />{text('campaigns.new')}
        </LinkButton>
    )
    return (
        <Page title={text('nav.campaigns')} action={create}>
            <div className="mb-3 flex flex-wrap items-center gap-2">
                <SearchField label={text('campaigns.search')} value={typed} onChange={setTyped} />
                <ChipFilter
                    label={text('campaigns.state')}
                    value={state}
                    onChange={(next) => search({ state: next })}
                    choices={[
                        { id: undefined, label: text('filter.all') },
                        ...campaignStates.map((id) => ({ id, label: text(`campaigns.state.${id}`) })),
                    ]}
                />
            </div>
            <div className="rounded-md border border-line bg-surface">
                <ListView
                    query={query}
                    empty={filtered
                        ? <NoneMatch onClear={() => search({ state: undefined, q: undefined })} />
                        : <Empty icon={Megaphone} title={text('campaigns.none')} detail={text('campaigns.none.detail')} action={create} />}
                >
                    {(items) => (
                        <DataTable
                            label={text('nav.campaigns')} columns={columns} rows={items}
                            rowKey={(campaign) => campaign.id} sort={{ id: 'from', desc: true }}
                        />
                    )}
                </ListView>
            </div>
            <CampaignDrawer
                isOpen={open === 'new' && mayEdit}
                onClose={() => search({ open: undefined })}
                onSaved={(saved) => void navigate({ to: '/campaigns/$campaignId', params: { campaignId: saved.id } })}
            />
        </Page>
    )
}
