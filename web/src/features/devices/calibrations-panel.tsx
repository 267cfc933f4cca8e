import type { ZonedDateTime } from '@internationalized/date'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import type { Calibration, Device } from '@/api/schema'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { DateField } from '@/components/date-field'
import { TextField } from '@/components/field'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { Empty } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { instantOf, thisMinute } from '@/lib/zoned'
import { calibrationsQuery } from './queries'

const pattern = '\\d+([.,]\\d+)?'
const numberOf = (typed: string) => Number(typed.replace(',', '.'))

function CalibrationForm({ device, zone, onClose }: { device: Device; zone: string; onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const [from, setFrom] = useState<ZonedDateTime | null>(() => thisMinute(zone))
    const [typed, setTyped] = useState({ factor: '', low: '', high: '', method: '' })
    const set = (part: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...part }))
    const save = async () => {
        if (!from) return
        await call('POST /v1/devices/{id}/calibrations', {
            path: { id: device.id },
            body: {
                effective_from: instantOf(from), factor: numberOf(typed.factor), method: typed.method.trim(),
                low: numberOf(typed.low), high: numberOf(typed.high),
            },
        })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.save')}>
            <p className="text-sm text-ink-soft">{text('calibrations.hint')}</p>
            <DateField
                label={text('calibrations.from')} name="effective_from" value={from} onChange={setFrom}
                granularity="minute" isRequired hint={text('span.zone', { zone })}
            />
            <TextField label={text('calibrations.factor')} name="factor" value={typed.factor} pattern={pattern} inputMode="decimal" isRequired onChange={(factor) => set({ factor })} />
            <div className="grid grid-cols-2 gap-3">
                <TextField label={text('chart.low')} name="low" value={typed.low} isRequired pattern={pattern} inputMode="decimal" onChange={(low) => set({ low })} />
                <TextField label={text('chart.high')} name="high" value={typed.high} isRequired pattern={pattern} inputMode="decimal" onChange={(high) => set({ high })} />
            </div>
            <TextField label={text('calibrations.method')} name="method" value={typed.method} isRequired onChange={(method) => set({ method })} />
        </DrawerForm>
    )
}

/** People per near visit, as it was set over time. */
export function CalibrationsPanel({ device, zone, isAdding, onClose }: {
    device: Device; zone: string; isAdding: boolean; onClose: () => void
}) {
    const text = useText()
    const format = useFormat()
    const query = useInfiniteQuery(calibrationsQuery(device.id))
    const columns = useMemo<Column<Calibration>[]>(() => [
        { id: 'from', header: text('calibrations.from'), value: (row) => row.effective_from, cell: (row) => format.dateTime(row.effective_from, zone) },
        { id: 'factor', header: text('calibrations.factor'), value: (row) => row.factor, cell: (row) => format.decimal(row.factor), numeric: true },
        { id: 'low', header: text('chart.low'), value: (row) => row.low, cell: (row) => format.decimal(row.low), numeric: true },
        { id: 'high', header: text('chart.high'), value: (row) => row.high, cell: (row) => format.decimal(row.high), numeric: true },
        { id: 'method', header: text('calibrations.method'), value: (row) => row.method },
        { id: 'by', header: text('calibrations.by'), value: (row) => row.by },
    ], [text, format, zone])
    return (
        <Panel title={text('calibrations.title')} note={text('calibrations.note')} flush>
            <ListView query={query} empty={device.calibrated
                ? <Empty title={text('calibrations.by_model')} detail={text('calibrations.by_model.detail')} />
                : <Empty title={text('calibrations.none')} detail={text('calibrations.none.detail')} />}>
                {(items) => <DataTable label={text('calibrations.title')} columns={columns} rows={items} rowKey={(row) => row.id} sort={{ id: 'from', desc: true }} />}
            </ListView>
            <Drawer title={text('calibrations.add')} isOpen={isAdding} onClose={onClose}>
                <CalibrationForm device={device} zone={zone} onClose={onClose} />
            </Drawer>
        </Panel>
    )
}
