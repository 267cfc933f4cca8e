import type { ZonedDateTime } from '@internationalized/date'
import { useMemo, useState } from 'react'
import type { Calibration, CalibrationIn } from '@/api/schema'
import { DataTable, type Column } from '@/components/data-table'
import { DateField } from '@/components/date-field'
import { DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { instantOf, thisMinute } from '@/lib/zoned'

const pattern = '\\d+([.,]\\d+)?'
const numberOf = (typed: string) => Number(typed.replace(',', '.'))

/** Sets the factor of a device or of a model; `hint` says whose visits change by it. */
export function CalibrationForm({ zone, hint, onSave, onClose }: {
    zone: string; hint: string; onSave: (calibration: CalibrationIn) => Promise<unknown>; onClose: () => void
}) {
    const text = useText()
    const [from, setFrom] = useState<ZonedDateTime | null>(() => thisMinute(zone))
    const [typed, setTyped] = useState({ factor: '', low: '', high: '', method: '' })
    const set = (part: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...part }))
    const save = async () => {
        if (!from) return
        await onSave({
            effective_from: instantOf(from), factor: numberOf(typed.factor), method: typed.method.trim(),
            low: numberOf(typed.low), high: numberOf(typed.high),
        })
        toast(text('state.saved'))
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.save')}>
            <p className="text-sm text-ink-soft">{hint}</p>
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

export function CalibrationTable({ calibrations, zone }: { calibrations: Calibration[]; zone: string }) {
    const text = useText()
    const format = useFormat()
    const columns = useMemo<Column<Calibration>[]>(() => [
        { id: 'from', header: text('calibrations.from'), value: (row) => row.effective_from, cell: (row) => format.dateTime(row.effective_from, zone) },
        { id: 'factor', header: text('calibrations.factor'), value: (row) => row.factor, cell: (row) => format.decimal(row.factor), numeric: true },
        { id: 'low', header: text('chart.low'), value: (row) => row.low, cell: (row) => format.decimal(row.low), numeric: true },
        { id: 'high', header: text('chart.high'), value: (row) => row.high, cell: (row) => format.decimal(row.high), numeric: true },
        { id: 'method', header: text('calibrations.method'), value: (row) => row.method },
        { id: 'by', header: text('calibrations.by'), value: (row) => row.by },
    ], [text, format, zone])
    return <DataTable label={text('calibrations.title')} columns={columns} rows={calibrations} rowKey={(row) => row.id} sort={{ id: 'from', desc: true }} />
}
