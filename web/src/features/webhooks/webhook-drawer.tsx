import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Webhook } from '@/api/schema'
import { ChoicesField } from '@/components/choices-field'
import { Drawer, DrawerForm } from '@/components/drawer'
import { NumberField, TextField } from '@/components/field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { EventName } from './event-name'
import { eventTypesQuery } from './queries'

export interface Added { id: string; secret: string }

function WebhookForm({ webhook, onClose, onAdded }: { webhook: Webhook | undefined; onClose: () => void; onAdded: (added: Added) => void }) {
    const text = useText()
    const client = useQueryClient()
    const [url, setUrl] = useState(webhook?.url ?? '')
    const [description, setDescription] = useState(webhook?.description ?? '')
    const [types, setTypes] = useState<string[] | null>(webhook?.event_types ?? null)
    const known = useQuery(eventTypesQuery).data?.items ?? []
    const [pace, setPace] = useState<number | null>(webhook?.per_second ?? null)
    const save = async () => {
        const body = { url: url.trim(), description: description.trim(), event_types: types, per_second: pace }
        if (webhook) {
            await call('PATCH /v1/webhooks/{id}', { path: { id: webhook.id }, body })
            await client.invalidateQueries()
            toast(text('state.saved'))
            onClose()
        } else {
            const added = await call('POST /v1/webhooks', { body })
            await client.invalidateQueries()
            onClose()
            onAdded({ id: added.webhook.id, secret: added.secret })
        }
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text(webhook ? 'action.save' : 'action.create')}>
            <TextField label={text('webhooks.url')} name="url" type="url" value={url} isRequired onChange={setUrl} hint={text('webhooks.url.hint')} autoFocus />
            <TextField label={text('webhooks.description')} name="description" value={description} onChange={setDescription} hint={text('webhooks.description.hint')} />
            <ChoicesField
                label={text('webhooks.types')} all={text('webhooks.types.all')} value={types} onChange={setTypes}
                choices={known.map(({ type }) => ({ id: type, label: <EventName type={type} /> }))}
            />
            <NumberField label={text('webhooks.pace')} name="per_second" value={pace} minValue={1} onChange={setPace} hint={text('webhooks.pace.hint')} />
        </DrawerForm>
    )
}

/** Adds an endpoint, or edits the one that is given. */
export function WebhookDrawer({ webhook, isOpen, onClose, onAdded }: {
    webhook?: Webhook | undefined; isOpen: boolean; onClose: () => void; onAdded: (added: Added) => void
}) {
    const text = useText()
    return (
        <Drawer title={text(webhook ? 'webhooks.edit' : 'webhooks.new')} isOpen={isOpen} onClose={onClose}>
            <WebhookForm webhook={webhook} onClose={onClose} onAdded={onAdded} />
        </Drawer>
    )
}
