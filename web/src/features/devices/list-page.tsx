import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, RadioTower } from 'lucide-react'
import { useMemo } from 'react'
import { deviceStatuses, type Device } from '@/api/schema'
import { useCan, useSession } from '@/api/session'
import { LinkButton } from '@/components/button'
import { DeviceStatusChip } from '@/components/chip'
import { DataTable, type Column } from '@/components/data-table'
import { SearchField } from '@/components/field'
import { ChipFilter } from '@/components/filters'
import { lazyDrawer } from '@/components/lazy-drawer'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty, NoneMatch } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { useTyped } from '@/lib/use-typed'
import { devicesQuery } from './queries'

const NewDeviceDrawer = lazyDrawer(async () => (await import('./new-device-drawer')).NewDeviceDrawer)

function useColumns(): Column<Device>[] {
    const text = useText()
    const format = useFormat()
    const now = useNow(30_000)
    const zone = useSession().company?.zone ?? 'UTC'
    return useMemo(() => [
        {
            id: 'name', header: text('devices.name'), value: (device) => device.name || device.serial, wide: true,
            cell: (device) => (
                <>
                    <Link to="/devices/$deviceId" params={{ deviceId: device.id }} className="hover:underline">
                        {device.name || device.serial}
                    </Link>
                    {device.name && device.name !== device.serial && (
                        <code className="pl-2 text-xs font-normal text-ink-soft">{device.serial}</code>
                    )}
                </>
            ),
        },
        {
            id: 'status', header: text('devices.status'), value: (device) => deviceStatuses.indexOf(device.status),
            cell: (device) => <DeviceStatusChip status={device.status} />,
        },
        {
            id: 'seen', header: text('devices.last_seen'), value: (device) => device.last_seen_at,
            cell: (device) => (
                <span title={format.dateTime(device.last_seen_at, zone)} className="whitespace-nowrap">
                    {format.relative(device.last_seen_at, now)}
                </span>
            ),
        },
        { id: 'battery', header: text('devices.battery'), value: (device) => device.battery, cell: (device) => format.percent(device.battery), numeric: true },
        {
            id: 'asset', header: text('devices.attached_to'), value: (device) => device.attached_to?.asset_name ?? null,
            cell: (device) => device.attached_to && (
                <Link to="/assets/$assetId" params={{ assetId: device.attached_to.asset_id }} className="hover:underline">
                    {device.attached_to.asset_name}
                </Link>
            ),
        },
        { id: 'model', header: text('devices.model'), value: (device) => device.model.name },
        {
            id: 'calibrated', header: text('devices.calibrated'), value: (device) => (device.calibrated ? 1 : 0),
            cell: (device) => text(device.calibrated ? 'state.yes' : 'state.no'),
        },
    ], [text, format, now, zone])
}

export function DeviceListPage() {
    const text = useText()
    const { status, q, open } = useSearch({ from: '/shell/devices' })
    const navigate = useNavigate({ from: '/devices' })
    const mayEdit = useCan('devices.edit')
    const columns = useColumns()
    const query = useInfiniteQuery({ ...devicesQuery(status, q), placeholderData: keepPreviousData, refetchInterval: 30_000 })
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    const [typed, setTyped] = useTyped(q ?? '', (next) => search({ q: next || undefined }))
    const create = mayEdit && (
        <LinkButton to="/devices" search={{ open: 'new' }} kind="primary"><Plus size={15} aria-hidden />{text('devices.new')}</LinkButton>
    )
    return (
        <Page title={text('nav.devices')} action={create}>
            <div className="mb-3 flex flex-wrap items-center gap-2">
                <SearchField label={text('devices.search')} value={typed} onChange={setTyped} />
                <ChipFilter
                    label={text('devices.status')} value={status} onChange={(next) => search({ status: next })}
                    choices={[
                        { id: undefined, label: text('filter.all') },
                        ...deviceStatuses.map((id) => ({ id, label: text(`devices.status.${id}`) })),
                    ]}
                />
            </div>
            <div className="rounded-md border border-line bg-surface">
                <ListView
                    query={query}
                    empty={status || q
                        ? <NoneMatch onClear={() => search({ status: undefined, q: undefined })} />
                        : <Empty icon={RadioTower} title={text('devices.none')} detail={text('devices.none.detail')} action={create} />}
                >
                    {(items) => (
                        <DataTable
                            label={text('nav.devices')} columns={columns} rows={items} rowKey={(device) => device.id}
                            sort={{ id: 'name', desc: false }}
                        />
                    )}
                </ListView>
            </div>
            <NewDeviceDrawer
                isOpen={open === 'new' && mayEdit}
                onClose={() => search({ open: undefined })}
                onSaved={(id) => void navigate({ to: '/devices/$deviceId', params: { deviceId: id } })}
            />
        </Page>
    )
}
