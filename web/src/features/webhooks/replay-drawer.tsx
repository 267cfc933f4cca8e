import type { ZonedDateTime } from '@internationalized/date'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Webhook } from '@/api/schema'
import { CheckField } from '@/components/check-field'
import { DateField } from '@/components/date-field'
import { Drawer, DrawerForm } from '@/components/drawer'
import { SelectField } from '@/components/select-field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { instantOf, thisMinute } from '@/lib/zoned'

const hours = { hour: 1, day: 24, days: 72, month: 720 } as const
type Recent = keyof typeof hours
const recent = Object.keys(hours) as Recent[]

interface Props { webhook: Webhook; zone: string; onClose: () => void }

function ReplayForm({ webhook, zone, onClose }: Props) {
    const text = useText()
    const client = useQueryClient()
    const [span, setSpan] = useState<Recent | 'chosen'>('day')
    const [from, setFrom] = useState<ZonedDateTime | null>(() => thisMinute(zone).subtract({ days: 1 }))
    const [to, setTo] = useState<ZonedDateTime | null>(() => thisMinute(zone).add({ minutes: 1 }))
    const [all, setAll] = useState(false)
    const save = async () => {
        if (!from || !to) return
        const now = Date.now()
        const wanted = span === 'chosen'
            ? { from: instantOf(from), to: instantOf(to) }
            : { from: new Date(now - hours[span] * 3_600_000).toISOString(), to: new Date(now).toISOString() }
        const { deliveries } = await call('POST /v1/webhooks/{id}/replay', { path: { id: webhook.id }, body: { ...wanted, only_failed: !all } })
        await client.invalidateQueries()
        toast(text('webhooks.replayed', { n: deliveries }))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('webhooks.replay')}>
            <p className="text-sm text-ink-soft">{text('webhooks.replay.note')}</p>
            <SelectField
                label={text('webhooks.span')} value={span} onChange={setSpan}
                choices={[...recent, 'chosen' as const].map((id) => ({ id, label: text(`webhooks.span.${id}`) }))}
            />
            {span === 'chosen' && (
                <>
                    <DateField label={text('webhooks.span.from')} name="from" value={from} onChange={setFrom} granularity="minute" isRequired hint={text('span.zone', { zone })} />
                    <DateField label={text('webhooks.span.to')} name="to" value={to} onChange={setTo} granularity="minute" isRequired hint={text('webhooks.span.to.hint')} />
                </>
            )}
            <CheckField label={text('webhooks.replay.all')} isSelected={all} onChange={setAll} />
        </DrawerForm>
    )
}

export function ReplayDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('webhooks.replay')} isOpen={isOpen} onClose={rest.onClose}><ReplayForm {...rest} /></Drawer>
}
