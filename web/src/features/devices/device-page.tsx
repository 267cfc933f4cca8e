import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Device } from '@/api/schema'
import { useCan, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { DeviceStateChip, DeviceStatusChip } from '@/components/chip'
import { MoreMenu } from '@/components/menu'
import { PageFailure } from '@/components/notice'
import { Facts, Page, Panel } from '@/components/page'
import { Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { AttachDrawer } from './attach-drawer'
import { AttachmentsPanel } from './attachments-panel'
import { CalibrationsPanel } from './calibrations-panel'
import { EditDeviceDrawer } from './edit-device-drawer'
import { deviceQuery } from './queries'
import { TokensPanel } from './tokens-panel'

function DeviceFacts({ device, zone }: { device: Device; zone: string }) {
    const text = useText()
    const format = useFormat()
    const now = useNow(30_000)
    return (
        <Panel title={text('devices.facts')}>
            <Facts
                items={[
                    [text('devices.serial'), <code>{device.serial}</code>],
                    [text('devices.state'), <DeviceStateChip state={device.state} />],
                    [text('devices.model'), device.model.name],
                    [text('devices.firmware'), device.firmware ?? '—'],
                    [text('devices.last_seen'), <span title={format.dateTime(device.last_seen_at, zone)}>{format.relative(device.last_seen_at, now)}</span>],
                    [text('devices.battery'), format.percent(device.battery)],
                    [text('devices.temperature'), device.temperature === null ? '—' : `${format.decimal(device.temperature, 1)} °C`],
                    [text('devices.queue'), format.exact(device.queue_depth)],
                    [text('devices.near'), `${format.decimal(device.near_dbm, 0)} dBm`],
                    [text('devices.calibrated'), text(device.calibrated ? 'state.yes' : 'devices.uncalibrated')],
                    [text('devices.attached_to'), device.attached_to
                        ? <Link to="/assets/$assetId" params={{ assetId: device.attached_to.asset_id }} className="text-accent-strong hover:underline">{device.attached_to.asset_name}</Link>
                        : '—'],
                    [text('devices.attached_since'), format.dateTime(device.attached_to?.since, zone)],
                ]}
            />
        </Panel>
    )
}

export function DevicePage() {
    const text = useText()
    const { deviceId } = useParams({ from: '/shell/devices/$deviceId' })
    const { open } = useSearch({ from: '/shell/devices/$deviceId' })
    const navigate = useNavigate({ from: '/devices/$deviceId' })
    const mayEdit = useCan('devices.edit')
    const zone = useSession().company?.zone ?? 'UTC'
    const query = useQuery({ ...deviceQuery(deviceId), refetchInterval: 30_000 })
    const device = query.data
    const show = (drawer: 'attach' | 'calibrate' | 'edit' | undefined) =>
        void navigate({ search: drawer ? { open: drawer } : {}, replace: true })
    if (query.error && !device) return <PageFailure error={query.error} retry={() => void query.refetch()} back={{ to: '/devices', label: text('nav.devices') }} />
    if (!device) return <Waiting height={480} />
    const close = () => show(undefined)
    return (
        <Page
            title={device.name || device.serial}
            chip={<DeviceStatusChip status={device.status} />}
            crumbs={{ to: '/devices', label: text('nav.devices') }}
            action={mayEdit && (
                <>
                    <Button kind="primary" onPress={() => show('attach')}>{text('attach.title')}</Button>
                    <MoreMenu
                        actions={[
                            { id: 'edit', label: text('action.edit'), onAction: () => show('edit') },
                            { id: 'calibrate', label: text('calibrations.add'), onAction: () => show('calibrate') },
                        ]}
                    />
                </>
            )}
        >
            <div className="grid items-start gap-3 lg:grid-cols-[2fr_1fr]">
                <div className="grid gap-3">
                    <AttachmentsPanel device={device} zone={zone} mayEdit={mayEdit} />
                    <CalibrationsPanel
                        device={device} zone={zone} isAdding={open === 'calibrate' && mayEdit} onClose={close}
                    />
                    {mayEdit && <TokensPanel device={device} zone={zone} />}
                </div>
                <DeviceFacts device={device} zone={zone} />
            </div>
            <AttachDrawer device={device} zone={zone} isOpen={open === 'attach' && mayEdit} onClose={close} />
            <EditDeviceDrawer device={device} isOpen={open === 'edit' && mayEdit} onClose={close} />
        </Page>
    )
}
