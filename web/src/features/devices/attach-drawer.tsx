import type { ZonedDateTime } from '@internationalized/date'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { itemsOf } from '@/api/queries'
import type { Device } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { DateField } from '@/components/date-field'
import { SelectField } from '@/components/select-field'
import { Empty, Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { instantOf, thisMinute } from '@/lib/zoned'
import { assetsQuery } from './queries'

interface Props { device: Device; zone: string; onClose: () => void }

function AttachForm({ device, zone, onClose }: Props) {
    const text = useText()
    const client = useQueryClient()
    const query = useInfiniteQuery(assetsQuery)
    const assets = useMemo(() => itemsOf(query.data)?.filter((asset) => asset.state === 'active'), [query.data])
    const [chosen, setChosen] = useState<string | null>(null)
    const [from, setFrom] = useState<ZonedDateTime | null>(() => thisMinute(zone))
    if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
    if (!assets) return <Waiting />
    if (assets.length === 0) return <Empty title={text('attach.none')} detail={text('attach.none.detail')} />
    const save = async () => {
        if (!chosen || !from) return
        await call('POST /v1/devices/{id}/attachments', {
            path: { id: device.id }, body: { asset_id: chosen, from: instantOf(from) },
        })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('attach.save')}>
            {device.attached_to && (
                <p className="rounded-md bg-warn-wash px-3 py-2 text-sm text-warn">
                    {text('attach.already', { asset: device.attached_to.asset_name })}
                </p>
            )}
            <SelectField
                label={text('attach.asset')} name="asset_id" value={chosen} onChange={setChosen} isRequired
                placeholder={text('attach.choose')}
                choices={assets.map((asset) => ({ id: asset.id, label: asset.plate ? `${asset.name} · ${asset.plate}` : asset.name }))}
            />
            <DateField
                label={text('span.from')} name="from" value={from} onChange={setFrom} granularity="minute" isRequired
                hint={text('span.zone', { zone })}
            />
        </DrawerForm>
    )
}

export function AttachDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return (
        <Drawer title={text('attach.of', { device: rest.device.name || rest.device.serial })} isOpen={isOpen} onClose={rest.onClose}>
            <AttachForm {...rest} />
        </Drawer>
    )
}
