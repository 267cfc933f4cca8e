import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Legend, MapMetric } from '@/api/schema'
import { Button } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { Empty, Failure, Waiting } from '@/components/states'
import { download, toCsv } from '@/lib/csv'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { fetchCells, tilesOver, type CellRow } from './cells'
import { boundsOf, overviewZoom } from './overview'

/** The map's table twin: every cell of the campaign at one resolution, the ones hidden for privacy included. */
export function CellTable({ legend, tiles, metric }: { legend: Legend | undefined; tiles: string | null; metric: MapMetric }) {
    const text = useText()
    const format = useFormat()
    const bounds = useMemo(() => boundsOf(legend), [legend])
    const query = useQuery({
        queryKey: ['cells', tiles, bounds],
        enabled: tiles !== null && bounds !== null,
        queryFn: ({ signal }) => fetchCells(tiles!, tilesOver(bounds!, overviewZoom), signal),
    })
    const columns = useMemo<Column<CellRow>[]>(() => {
        const measure = (id: 'visits' | 'ots' | 'lts'): Column<CellRow> => ({
            id, header: text(`metric.${id}`), value: (cell) => cell[id], cell: (cell) => format.exact(cell[id]), numeric: true,
        })
        return [
            { id: 'cell', header: text('map.cell'), value: (cell) => cell.cell, cell: (cell) => <code className="font-normal">{cell.cell}</code> },
            {
                id: 'place', header: text('map.centre'), value: (cell) => cell.lat,
                cell: (cell) => `${format.decimal(cell.lat, 4)}, ${format.decimal(cell.lon, 4)}`, numeric: true,
            },
            measure('ots'), measure('visits'), measure('lts'),
            {
                id: 'dwell', header: text('metric.mean_dwell_s'), value: (cell) => cell.mean_dwell_s,
                cell: (cell) => format.duration(cell.mean_dwell_s), numeric: true,
            },
            { id: 'hidden', header: text('map.note'), value: (cell) => (cell.hidden ? text('map.hidden') : ''), cell: (cell) => (cell.hidden ? text('map.hidden') : ' ') },
        ]
    }, [text, format])
    if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
    if (legend && !bounds) return <Empty title={text('map.empty')} detail={text('map.empty.detail')} />
    if (!query.data) return <Waiting height={320} />
    const save = () => download('cells.csv', toCsv(
        ['cell', 'lat', 'lon', 'visits', 'ots', 'lts', 'mean_dwell_s', 'hidden'],
        query.data.map((c) => [c.cell, c.lat, c.lon, c.visits, c.ots, c.lts, c.mean_dwell_s, String(c.hidden)])))
    return (
        <>
            <div className="flex items-center justify-between px-4 pb-2 text-sm text-ink-soft">
                {text('map.cells_listed', { count: query.data.length })}
                <Button kind="quiet" onPress={save}>{text('chart.csv')}</Button>
            </div>
            <DataTable
                label={text('map.table')} columns={columns} rows={query.data} rowKey={(cell) => cell.cell}
                sort={{ id: metric, desc: true }} maxHeight={560} isDimmed={(cell) => cell.hidden}
            />
        </>
    )
}
