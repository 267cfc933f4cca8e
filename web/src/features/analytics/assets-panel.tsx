import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Summary } from '@/api/schema'
import { DataTable, type Column } from '@/components/data-table'
import { Panel } from '@/components/page'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'

type Row = Summary['by_asset'][number]

/** What each vehicle and billboard brought. */
export function AssetsPanel({ summary }: { summary: Summary }) {
    const text = useText()
    const format = useFormat()
    const columns = useMemo<Column<Row>[]>(() => [
        {
            id: 'name', header: text('assets.name'), value: (row) => row.name,
            cell: (row) => <Link to="/assets/$assetId" params={{ assetId: row.asset_id }} className="hover:underline">{row.name}</Link>,
        },
        { id: 'kind', header: text('assets.kind'), value: (row) => text(`assets.kind.${row.kind}`) },
        { id: 'ots', header: text('metric.ots'), value: (row) => row.ots, cell: (row) => format.exact(row.ots), numeric: true },
        { id: 'visits', header: text('metric.visits'), value: (row) => row.visits, cell: (row) => format.exact(row.visits), numeric: true },
        { id: 'lts', header: text('metric.lts'), value: (row) => row.lts, cell: (row) => format.exact(row.lts), numeric: true },
        { id: 'coverage', header: text('made.coverage'), value: (row) => row.coverage, cell: (row) => format.percent(row.coverage), numeric: true },
    ], [text, format])
    return (
        <Panel title={text('by_asset.title')} flush>
            {summary.by_asset.length === 0
                ? <Empty title={text('by_asset.none')} detail={text('by_asset.none.detail')} />
                : <DataTable
                    label={text('by_asset.title')} columns={columns} rows={summary.by_asset}
                    rowKey={(row) => row.asset_id} sort={{ id: 'ots', desc: true }} maxHeight={420}
                />}
        </Panel>
    )
}
