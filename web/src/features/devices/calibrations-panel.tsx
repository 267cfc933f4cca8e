import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { CalibrationIn, Device } from '@/api/schema'
import { Drawer } from '@/components/drawer'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { CalibrationForm, CalibrationTable } from './calibrations'
import { calibrationsQuery } from './queries'

/** People per near visit, as it was set over time. */
export function CalibrationsPanel({ device, zone, isAdding, onClose }: {
    device: Device; zone: string; isAdding: boolean; onClose: () => void
}) {
    const text = useText()
    const client = useQueryClient()
    const query = useInfiniteQuery(calibrationsQuery(device.id))
    const add = async (body: CalibrationIn) => {
        await call('POST /v1/devices/{id}/calibrations', { path: { id: device.id }, body })
        await client.invalidateQueries()
        onClose()
    }
    return (
        <Panel title={text('calibrations.title')} note={text('calibrations.note')} flush>
            <ListView query={query} empty={device.calibrated
                ? <Empty title={text('calibrations.by_model')} detail={text('calibrations.by_model.detail')} />
                : <Empty title={text('calibrations.none')} detail={text('calibrations.none.detail')} />}>
                {(items) => <CalibrationTable calibrations={items} zone={zone} />}
            </ListView>
            <Drawer title={text('calibrations.add')} isOpen={isAdding} onClose={onClose}>
                <CalibrationForm zone={zone} hint={text('calibrations.hint')} onSave={add} onClose={onClose} />
            </Drawer>
        </Panel>
    )
}
