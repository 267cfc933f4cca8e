import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { CircleCheck, Archive } from 'lucide-react'
import { useMemo } from 'react'
import type { Asset, Attachment, Face } from '@/api/schema'
import { useCan, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Chip } from '@/components/chip'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { MoreMenu } from '@/components/menu'
import { PageFailure } from '@/components/notice'
import { Facts, Page, Panel } from '@/components/page'
import { Empty, Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { EditAssetDrawer, FaceDrawer } from './asset-drawers'
import { assetQuery, attachmentsQuery, deviceQuery } from './queries'

function FacesPanel({ asset }: { asset: Asset }) {
    const text = useText()
    const columns = useMemo<Column<Face>[]>(() => [
        { id: 'name', header: text('faces.name'), value: (face) => face.name },
        { id: 'format', header: text('faces.format'), value: (face) => text(`faces.format.${face.format}`) },
        { id: 'placement', header: text('faces.placement'), value: (face) => text(`faces.placement.${face.placement}`) },
    ], [text])
    return (
        <Panel title={text('faces.title')} flush>
            {asset.faces.length === 0
                ? <Empty title={text('faces.none')} detail={text('faces.none.detail')} />
                : <DataTable label={text('faces.title')} columns={columns} rows={asset.faces} rowKey={(face) => face.id} />}
        </Panel>
    )
}

/** An attachment knows its device by id; people know it by its name. */
function DeviceLink({ id }: { id: string }) {
    const { data: device } = useQuery(deviceQuery(id))
    return (
        <Link to="/devices/$deviceId" params={{ deviceId: id }} className="hover:underline">
            {device ? device.name || device.serial : '…'}
        </Link>
    )
}

function HistoryPanel({ asset, zone }: { asset: Asset; zone: string }) {
    const text = useText()
    const format = useFormat()
    const query = useInfiniteQuery(attachmentsQuery(asset.id))
    const columns = useMemo<Column<Attachment>[]>(() => [
        {
            id: 'device', header: text('assets.device'), value: (row) => row.device_id,
            cell: (row) => <DeviceLink id={row.device_id} />,
        },
        { id: 'position', header: text('attach.position'), value: (row) => row.position },
        { id: 'from', header: text('span.from'), value: (row) => row.from, cell: (row) => format.dateTime(row.from, zone) },
        { id: 'to', header: text('span.to'), value: (row) => row.to, cell: (row) => (row.to ? format.dateTime(row.to, zone) : text('span.open')) },
    ], [text, format, zone])
    return (
        <Panel title={text('assets.history')} flush>
            <ListView query={query} empty={<Empty title={text('assets.history.none')} detail={text('assets.history.none.detail')} />}>
                {(items) => <DataTable label={text('assets.history')} columns={columns} rows={items} rowKey={(row) => row.id} sort={{ id: 'from', desc: true }} />}
            </ListView>
        </Panel>
    )
}

function AssetFacts({ asset, zone }: { asset: Asset; zone: string }) {
    const text = useText()
    const format = useFormat()
    return (
        <Panel title={text('assets.facts')}>
            <Facts
                items={[
                    [text('assets.kind'), text(`assets.kind.${asset.kind}`)],
                    [text('assets.plate'), asset.plate ?? '—'],
                    [text('assets.point'), asset.point ? `${format.decimal(asset.point.lat, 5)}, ${format.decimal(asset.point.lon, 5)}` : '—'],
                    [text('assets.created'), format.dateTime(asset.created_at, zone)],
                ]}
            />
        </Panel>
    )
}

export function AssetPage() {
    const text = useText()
    const { assetId } = useParams({ from: '/shell/assets/$assetId' })
    const { open } = useSearch({ from: '/shell/assets/$assetId' })
    const navigate = useNavigate({ from: '/assets/$assetId' })
    const mayEdit = useCan('assets.edit')
    const maySeeDevices = useCan('devices.read')
    const zone = useSession().company?.zone ?? 'UTC'
    const query = useQuery(assetQuery(assetId))
    const asset = query.data
    if (query.error && !asset) return <PageFailure error={query.error} retry={() => void query.refetch()} back={{ to: '/assets', label: text('nav.assets') }} />
    if (!asset) return <Waiting height={400} />
    const show = (drawer: 'edit' | 'face' | undefined) => void navigate({ search: drawer ? { open: drawer } : {}, replace: true })
    const close = () => show(undefined)
    return (
        <Page
            title={asset.name}
            chip={asset.state === 'active'
                ? <Chip tone="good" icon={CircleCheck}>{text('assets.state.active')}</Chip>
                : <Chip tone="calm" icon={Archive}>{text('assets.state.retired')}</Chip>}
            crumbs={{ to: '/assets', label: text('nav.assets') }}
            action={mayEdit && (
                <>
                    <Button kind="primary" onPress={() => show('face')}>{text('faces.new')}</Button>
                    <MoreMenu actions={[{ id: 'edit', label: text('action.edit'), onAction: () => show('edit') }]} />
                </>
            )}
        >
            <div className="grid items-start gap-3 lg:grid-cols-[2fr_1fr]">
                <div className="grid gap-3">
                    <FacesPanel asset={asset} />
                    {maySeeDevices && <HistoryPanel asset={asset} zone={zone} />}
                </div>
                <AssetFacts asset={asset} zone={zone} />
            </div>
            <EditAssetDrawer asset={asset} isOpen={open === 'edit' && mayEdit} onClose={close} />
            <FaceDrawer asset={asset} isOpen={open === 'face' && mayEdit} onClose={close} />
        </Page>
    )
}
