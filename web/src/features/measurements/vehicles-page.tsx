import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CarFront, Clock, CircleDot } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { VehiclePosition } from '@/api/schema'
import { useSession } from '@/api/session'
import { Chip } from '@/components/chip'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty, Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { positionsQuery } from './queries'

const VehicleMap = lazy(() => import('./vehicle-map'))

const kmh = (metresPerSecond: number | null) => (metresPerSecond === null ? null : metresPerSecond * 3.6)

function useColumns(now: number, onFind: (id: string) => void): Column<VehiclePosition>[] {
    const text = useText()
    const format = useFormat()
    const zone = useSession().company?.zone ?? 'UTC'
    return useMemo(() => [
        {
            id: 'name', header: text('vehicles.name'), value: (row) => row.name,
            cell: (row) => (
                <Link to="/assets/$assetId" params={{ assetId: row.asset_id }} className="hover:underline">{row.name}</Link>
            ),
        },
        {
            id: 'state', header: text('vehicles.state'), value: (row) => (row.stale ? 1 : 0),
            cell: (row) => row.stale
                ? <Chip tone="warn" icon={Clock}>{text('vehicles.stale')}</Chip>
                : <Chip tone="good" icon={CircleDot}>{text('vehicles.fresh')}</Chip>,
        },
        {
            id: 'at', header: text('vehicles.at'), value: (row) => row.at,
            cell: (row) => <span title={format.dateTime(row.at, zone)}>{format.relative(row.at, now)}</span>,
        },
        {
            id: 'speed', header: text('vehicles.speed'), value: (row) => row.speed_mps, numeric: true,
            cell: (row) => (row.speed_mps === null ? '—' : text('vehicles.kmh', { speed: format.decimal(kmh(row.speed_mps), 0) })),
        },
        {
            id: 'place', header: text('vehicles.place'), value: (row) => row.lat, numeric: true,
            cell: (row) => (
                <button type="button" className="cursor-pointer hover:underline" onClick={() => onFind(row.asset_id)}>
                    {format.decimal(row.lat, 4)}, {format.decimal(row.lon, 4)}
                </button>
            ),
        },
    ], [text, format, zone, now, onFind])
}

export function VehiclesPage() {
    const text = useText()
    const now = useNow(15_000)
    const query = useInfiniteQuery(positionsQuery)
    const [found, setFound] = useState<string | null>(null)
    const columns = useColumns(now, setFound)
    return (
        <Page title={text('nav.map')}>
            <div className="overflow-hidden rounded-md border border-line bg-surface">
                <ListView query={query} empty={<Empty icon={CarFront} title={text('vehicles.none')} detail={text('vehicles.none.detail')} />}>
                    {(items) => (
                        <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_auto]">
                            <div className="h-[60vh] min-h-96 lg:h-[calc(100dvh-180px)]">
                                <Suspense fallback={<Waiting height={480} />}>
                                    <VehicleMap vehicles={items} found={found} />
                                </Suspense>
                            </div>
                            <div className="border-line max-lg:border-t lg:border-l">
                                <p className="px-4 py-2 text-sm text-ink-soft" role="status">
                                    {text('vehicles.count', {
                                        count: items.length, stale: items.filter((one) => one.stale).length,
                                    })}
                                </p>
                                <DataTable
                                    label={text('vehicles.list')} columns={columns} rows={items}
                                    rowKey={(row) => row.asset_id} sort={{ id: 'name', desc: false }}
                                />
                            </div>
                        </div>
                    )}
                </ListView>
            </div>
        </Page>
    )
}
