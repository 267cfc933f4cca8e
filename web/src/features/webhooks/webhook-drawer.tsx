import { useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Webhook } from '@/api/schema'
import { ChoicesField } from '@/components/choices-field'
import { Drawer, DrawerForm } from '@/components/drawer'
import { NumberField, TextField } from '@/components/field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useDraft, useSeen } from '@/lib/use-seen'
import { EventName } from './event-name'
import { eventTypesQuery, webhookQuery } from './queries'

export interface Added { id: string; secret: string }

const draftOf = (webhook: Webhook | undefined) => ({
    url: webhook?.url ?? '', description: webhook?.description ?? '', types: webhook?.event_types ?? null, pace: webhook?.per_second ?? null,
})

function WebhookForm({ webhook, onClose, onAdded }: { webhook: Webhook | undefined; onClose: () => void; onAdded: (added: Added) => void }) {
    const text = useText()
    const client = useQueryClient()
    const { seen, load } = useSeen(webhook, () => client.fetchQuery({ ...webhookQuery(webhook!.id), staleTime: 0 }))
    const [{ url, description, types, pace }, set] = useDraft(seen, draftOf)
    const known = useQuery(eventTypesQuery).data?.items ?? []
    const save = async () => {
        const body = { url: url.trim(), description: description.trim(), event_types: types, per_second: pace }
        if (seen) {
            await call('PATCH /v1/webhooks/{id}', { path: { id: seen.id }, version: seen.version, body })
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
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text(webhook ? 'action.save' : 'action.create')}>
            <TextField label={text('webhooks.url')} name="url" type="url" value={url} isRequired onChange={(url) => set({ url })} hint={text('webhooks.url.hint')} autoFocus />
            <TextField label={text('webhooks.description')} name="description" value={description} onChange={(description) => set({ description })} hint={text('webhooks.description.hint')} />
            <ChoicesField
                label={text('webhooks.types')} all={text('webhooks.types.all')} value={types} onChange={(types) => set({ types })}
                choices={known.map(({ type }) => ({ id: type, label: <EventName type={type} /> }))}
            />
            <NumberField label={text('webhooks.pace')} name="per_second" value={pace} minValue={1} onChange={(pace) => set({ pace })} hint={text('webhooks.pace.hint')} />
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
