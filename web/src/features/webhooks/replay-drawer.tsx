import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Webhook } from '@/api/schema'
import { CheckField } from '@/components/check-field'
import { Drawer, DrawerForm } from '@/components/drawer'
import { SelectField } from '@/components/select-field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'

const hours = { hour: 1, day: 24, days: 72, month: 720 } as const
type Span = keyof typeof hours
const spans = Object.keys(hours) as Span[]

function ReplayForm({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const [span, setSpan] = useState<Span>('day')
    const [all, setAll] = useState(false)
    const save = async () => {
        const now = Date.now()
        const body = { from: new Date(now - hours[span] * 3_600_000).toISOString(), to: new Date(now).toISOString(), only_failed: !all }
        const { deliveries } = await call('POST /v1/webhooks/{id}/replay', { path: { id: webhook.id }, body })
        await client.invalidateQueries()
        toast(text('webhooks.replayed', { n: deliveries }))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('webhooks.replay')}>
            <p className="text-sm text-ink-soft">{text('webhooks.replay.note')}</p>
            <SelectField
                label={text('webhooks.span')} value={span} onChange={setSpan}
                choices={spans.map((id) => ({ id, label: text(`webhooks.span.${id}`) }))}
            />
            <CheckField label={text('webhooks.replay.all')} isSelected={all} onChange={setAll} />
        </DrawerForm>
    )
}

export function ReplayDrawer({ isOpen, ...rest }: { webhook: Webhook; isOpen: boolean; onClose: () => void }) {
    const text = useText()
    return <Drawer title={text('webhooks.replay')} isOpen={isOpen} onClose={rest.onClose}><ReplayForm {...rest} /></Drawer>
}
