import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useMemo } from 'react'
import type { Region, Regions } from '@/api/schema'
import { IconButton } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { SelectField } from '@/components/select-field'
import { Panel } from '@/components/page'
import { Dimmed, Empty, Failure, Waiting } from '@/components/states'
import { download, toCsv } from '@/lib/csv'
import { useText } from '@/lib/i18n/text'
import type { Span } from '@/lib/range'
import { useFormat } from '@/lib/use-format'
import { regionSetsQuery, regionsQuery } from './queries'

function useColumns(): Column<Region>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        {
            id: 'name', header: text('regions.name'), value: (region) => region.name, wide: true,
            cell: (region) => <>{region.name} <code className="text-xs font-normal text-ink-soft">{region.code}</code></>,
        },
        {
            id: 'ots', header: text('metric.ots'), value: (region) => region.ots, numeric: true,
            cell: (region) => (region.hidden ? text('map.hidden') : format.exact(region.ots)),
        },
        { id: 'visits', header: text('metric.visits'), value: (region) => region.visits, cell: (region) => format.exact(region.visits), numeric: true },
        { id: 'lts', header: text('metric.lts'), value: (region) => region.lts, cell: (region) => format.exact(region.lts), numeric: true },
        { id: 'dwell', header: text('metric.mean_dwell_s'), value: (region) => region.mean_dwell_s, cell: (region) => format.duration(region.mean_dwell_s), numeric: true },
        { id: 'share', header: text('regions.share'), value: (region) => region.share_of_placed, cell: (region) => format.percent(region.share_of_placed), numeric: true },
    ], [text, format])
}

function Foot({ regions }: { regions: Regions }) {
    const text = useText()
    const format = useFormat()
    const row = (name: string, visits: string) => (
        <tr className="h-8 border-t border-line text-ink-soft">
            <th scope="row" className="pr-3 pl-4 text-left font-normal italic">{name}</th>
            <td />
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

function RegionTable({ regions }: { regions: Regions }) {
    const text = useText()
    const columns = useColumns()
    if (regions.items.length === 0) return <Empty title={text('regions.none')} detail={text('regions.none.detail')} />
    return (
        <DataTable
            label={text('regions.title')} columns={columns} rows={regions.items} rowKey={(region) => region.code}
            sort={{ id: 'visits', desc: true }} maxHeight={420} isDimmed={(region) => region.hidden}
            foot={<Foot regions={regions} />}
        />
    )
}

export function RegionsPanel({ campaignId, span, set, onSet }: {
    campaignId: string; span: Span; set: string | undefined; onSet: (set: string) => void
}) {
    const text = useText()
    const sets = useQuery(regionSetsQuery)
    const chosen = sets.data?.items.find((one) => one.id === set) ?? sets.data?.items[0]
    const query = useQuery({
        ...regionsQuery(campaignId, span, chosen?.id ?? ''), enabled: chosen !== undefined, placeholderData: keepPreviousData,
    })
    const save = (regions: Regions) => download(`regions-${regions.set.id}.csv`, toCsv(
        ['code', 'name', 'hidden', 'visits', 'ots', 'lts', 'mean_dwell_s', 'share_of_placed'],
        regions.items.map((r) => [r.code, r.name, String(r.hidden), r.visits, r.ots, r.lts, r.mean_dwell_s, r.share_of_placed])))
    const error = sets.error ?? query.error
    return (
        <Panel
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
                        <IconButton label={text('regions.csv')} onPress={() => save(query.data)}>
                            <Download size={15} aria-hidden />
                        </IconButton>
                    )}
                </>
            )}
        >
            {error ? <Failure error={error} retry={() => void query.refetch()} />
                : sets.data && !chosen ? <Empty title={text('regions.no_sets')} detail={text('regions.no_sets.detail')} />
                    : query.data ? <Dimmed when={query.isPlaceholderData}><RegionTable regions={query.data} /></Dimmed>
                        : <Waiting height={240} />}
        </Panel>
    )
}
