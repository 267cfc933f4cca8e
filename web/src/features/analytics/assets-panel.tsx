import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Summary } from '@/api/schema'
import { Change } from '@/components/change'
import { DataTable, type Column } from '@/components/data-table'
import { Panel } from '@/components/page'
import { Empty } from '@/components/states'
import { changeOf } from '@/lib/comparison'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import type { ComparedTotals } from './kpi-row'

type Row = Summary['by_asset'][number]

/** How much more or less each brought than before, by asset; the ones that are new have no entry. */
function changesOf({ now, before }: ComparedTotals): Map<string, number | null> {
    const past = new Map(before.by_asset.map((row) => [row.asset_id, row.ots]))
    return new Map(now.by_asset.map((row) => [row.asset_id, changeOf(past.get(row.asset_id), row.ots)]))
}

/** What each vehicle and billboard brought. */
export function AssetsPanel({ summary, compared }: { summary: Summary; compared?: ComparedTotals | undefined }) {
    const text = useText()
    const format = useFormat()
    const changes = useMemo(() => (compared ? changesOf(compared) : null), [compared])
    const columns = useMemo<Column<Row>[]>(() => [
        {
            id: 'name', header: text('assets.name'), value: (row) => row.name,
            cell: (row) => <Link to="/assets/$assetId" params={{ assetId: row.asset_id }} className="hover:underline">{row.name}</Link>,
        },
        { id: 'kind', header: text('assets.kind'), value: (row) => text(`assets.kind.${row.kind}`) },
        { id: 'ots', header: text('metric.ots'), value: (row) => row.ots, cell: (row) => format.exact(row.ots), numeric: true },
        ...(changes ? [{
            id: 'change', header: text('change.title'), numeric: true,
            value: (row: Row) => changes.get(row.asset_id) ?? null,
            cell: (row: Row) => <Change share={changes.get(row.asset_id) ?? null} />,
        }] : []),
        { id: 'visits', header: text('metric.visits'), value: (row) => row.visits, cell: (row) => format.exact(row.visits), numeric: true },
        { id: 'lts', header: text('metric.lts'), value: (row) => row.lts, cell: (row) => format.exact(row.lts), numeric: true },
        { id: 'coverage', header: text('made.coverage'), value: (row) => row.coverage, cell: (row) => format.percent(row.coverage), numeric: true },
    ], [text, format, changes])
    return (
        <Panel id="assets" title={text('by_asset.title')} flush>
            {summary.by_asset.length === 0
                ? <Empty title={text('by_asset.none')} detail={text('by_asset.none.detail')} />
                : <DataTable
                    label={text('by_asset.title')} columns={columns} rows={summary.by_asset}
                    rowKey={(row) => row.asset_id} sort={{ id: 'ots', desc: true }} maxHeight={420}
                />}
        </Panel>
    )
}
