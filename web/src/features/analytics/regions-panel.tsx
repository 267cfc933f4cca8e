import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useMemo } from 'react'
import type { Campaign, Region, Regions } from '@/api/schema'
import { IconButton } from '@/components/button'
import { Change } from '@/components/change'
import { DataTable, type Column } from '@/components/data-table'
import { SelectField } from '@/components/select-field'
import { Panel } from '@/components/page'
import { TableSkeleton } from '@/components/skeletons'
import { Dimmed, Empty, Failure } from '@/components/states'
import { download, toCsv } from '@/lib/csv'
import { changeOf, type Compared } from '@/lib/comparison'
import { useText } from '@/lib/i18n/text'
import type { Span } from '@/lib/range'
import { useFormat } from '@/lib/use-format'
import { HowMade } from './made'
import { regionsQuery } from './queries'
import type { RegionLink } from './region-link'
import { useRegions } from './use-regions'

type Changes = ReadonlyMap<string, number | null>

/** How much more or less each region had than before; hidden on either side is unknown. */
function useChanges(campaignId: string, set: string | undefined, compared: Compared | undefined): Changes | null {
    const enabled = compared !== undefined && set !== undefined
    const nowhere = { from: '', to: '' }
    const now = useQuery({ ...regionsQuery(campaignId, compared?.now ?? nowhere, set ?? ''), enabled })
    const before = useQuery({ ...regionsQuery(campaignId, compared?.before ?? nowhere, set ?? ''), enabled })
    return useMemo(() => {
        if (!enabled || !now.data || !before.data) return null
        const past = new Map(before.data.items.map((region) => [region.code, region.ots]))
        return new Map(now.data.items.map((region) => [region.code, changeOf(past.get(region.code), region.ots)]))
    }, [enabled, now.data, before.data])
}

/** The share as a number, and as a bar where there is room for one. */
function Share({ share, isDrawn }: { share: number | null; isDrawn: boolean }) {
    const format = useFormat()
    if (!isDrawn || share === null) return <>{format.percent(share)}</>
    return (
        <span className="inline-flex items-center gap-2">
            <span aria-hidden className="h-1.5 w-16 rounded-full bg-hover">
                <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
            </span>
            <span className="min-w-12">{format.percent(share)}</span>
        </span>
    )
}

/** The region's name; while the map shows regions, a button that chooses it there as well. */
function Name({ region: { name, code }, link }: { region: Region; link: RegionLink | undefined }) {
    const label = <>{name} <code className="text-xs font-normal text-ink-soft">{code}</code></>
    if (!link) return label
    const isChosen = link.chosen === code
    return (
        <button
            type="button" aria-pressed={isChosen} onClick={() => link.onChosen(isChosen ? undefined : code)}
            className="cursor-pointer text-left hover:underline"
        >
            {label}
        </button>
    )
}

function useColumns(changes: Changes | null, link: RegionLink | undefined): Column<Region>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        {
            id: 'name', header: text('regions.name'), value: (region) => region.name, wide: true,
            cell: (region) => <Name region={region} link={link} />,
        },
        {
            id: 'ots', header: text('metric.ots'), value: (region) => region.ots, numeric: true,
            cell: (region) => (region.hidden ? text('map.hidden') : format.exact(region.ots)),
        },
        ...(changes ? [{
            id: 'change', header: text('change.title'), numeric: true,
            value: (region: Region) => changes.get(region.code) ?? null,
            cell: (region: Region) => <Change share={changes.get(region.code) ?? null} />,
        }] : []),
        { id: 'visits', header: text('metric.visits'), value: (region) => region.visits, cell: (region) => format.exact(region.visits), numeric: true },
        { id: 'lts', header: text('metric.lts'), value: (region) => region.lts, cell: (region) => format.exact(region.lts), numeric: true },
        { id: 'dwell', header: text('metric.mean_dwell_s'), value: (region) => region.mean_dwell_s, cell: (region) => format.duration(region.mean_dwell_s), numeric: true },
        { id: 'share', header: text('regions.share'), value: (region) => region.share_of_placed, cell: (region) => <Share share={region.share_of_placed} isDrawn={!changes} />, numeric: true },
    ], [text, format, changes, link])
}

function Foot({ regions, columns }: { regions: Regions; columns: number }) {
    const text = useText()
    const format = useFormat()
    const row = (name: string, visits: string) => (
        <tr className="h-8 border-t border-line text-ink-soft">
            <th scope="row" className="pr-3 pl-4 text-left font-normal italic">{name}</th>
            <td colSpan={columns - 5} />
            <td className="tabular px-3 text-right">{visits}</td>
            <td colSpan={3} />
        </tr>
    )
    const { elsewhere } = regions
    return (
        <>
            {elsewhere && row(text('regions.elsewhere'), elsewhere.hidden ? text('map.hidden') : format.exact(elsewhere.visits))}
            {row(text('regions.unplaced'), format.exact(regions.unplaced_visits))}
        </>
    )
}

/** The answer in one sentence: how many, how many of them hidden, and how many visits it leaves out. */
function Reached({ regions }: { regions: Regions }) {
    const text = useText()
    const format = useFormat()
    return (
        <p className="px-4 pb-2 text-sm">
            {text('regions.reached', {
                count: regions.items.length, hidden: regions.items.filter((region) => region.hidden).length,
                placed: format.percent(regions.about.placed_share),
            })}
        </p>
    )
}

function RegionTable({ regions, changes, link }: { regions: Regions; changes: Changes | null; link: RegionLink | undefined }) {
    const text = useText()
    const columns = useColumns(changes, link)
    if (regions.items.length === 0) return <Empty title={text('regions.none')} detail={text('regions.none.detail')} />
    return (
        <>
            <Reached regions={regions} />
            <DataTable
                label={text('regions.title')} columns={columns} rows={regions.items} rowKey={(region) => region.code}
                sort={{ id: 'visits', desc: true }} maxHeight={420} isDimmed={(region) => region.hidden}
                foot={<Foot regions={regions} columns={columns.length} />}
                chosen={link?.chosen} onPoint={link && ((region) => link.outline.current(region?.code ?? null))}
            />
        </>
    )
}

export default function RegionsPanel({ campaign, span, set, onSet, compared, link }: {
    campaign: Campaign; span: Span; set: string | undefined; onSet: (set: string) => void; compared: Compared | undefined
    link: RegionLink | undefined
}) {
    const text = useText()
    const { sets, chosen, query } = useRegions(campaign.id, span, set)
    const changes = useChanges(campaign.id, chosen?.id, compared)
    const save = (regions: Regions) => download(`regions-${regions.set.id}.csv`, toCsv(
        ['code', 'name', 'hidden', 'visits', 'ots', 'lts', 'mean_dwell_s', 'share_of_placed'],
        regions.items.map((r) => [r.code, r.name, String(r.hidden), r.visits, r.ots, r.lts, r.mean_dwell_s, r.share_of_placed])))
    const error = sets.error ?? query.error
    return (
        <Panel
            id="regions"
            title={text('regions.title')}
            note={chosen?.attribution ?? text('regions.note')}
            flush
            tools={chosen && sets.data && (
                <>
                    <SelectField
                        compact label={text('regions.set')} value={chosen.id} onChange={onSet}
                        choices={sets.data.items.map((one) => ({ id: one.id, label: one.name }))}
                    />
                    {query.data && (
                        <>
                            <HowMade
                                name={text('regions.title')} rule="regions.rule"
                                making={{ about: query.data.about, from: span.from, zone: campaign.zone }}
                            />
                            <IconButton label={text('regions.csv')} onPress={() => save(query.data)}>
                                <Download size={15} aria-hidden />
                            </IconButton>
                        </>
                    )}
                </>
            )}
        >
            {error ? <Failure error={error} retry={() => void query.refetch()} />
                : sets.data && !chosen ? <Empty title={text('regions.no_sets')} detail={text('regions.no_sets.detail')} />
                    : query.data ? <Dimmed when={query.isPlaceholderData}><RegionTable regions={query.data} changes={changes} link={link} /></Dimmed>
                        : <TableSkeleton />}
        </Panel>
    )
}
