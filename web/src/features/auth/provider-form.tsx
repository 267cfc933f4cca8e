import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { oneQuery } from '@/api/queries'
import { roles, type ProviderSetting, type Role } from '@/api/schema'
import { DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useDraft, useSeen } from '@/lib/use-seen'
import { CopiedText } from './copied-text'

type Joining = Exclude<Role, 'owner'> | 'nobody'
const joinings: Joining[] = ['nobody', ...roles.filter((role) => role !== 'owner')]

export const providerQuery = oneQuery('GET /v1/identity-provider', {})

const draftOf = ({ provider }: ProviderSetting) => ({
    name: provider?.sign_in_name ?? '', issuer: provider?.issuer ?? '', clientId: provider?.client_id ?? '',
    joining: (provider?.joins_as as Joining | null) ?? 'nobody',
})

export function ProviderForm({ setting, onClose }: { setting: ProviderSetting; onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const { seen, load } = useSeen(setting, () => client.fetchQuery({ ...providerQuery, staleTime: 0 }))
    const { provider = null } = seen
    const [{ name, issuer, clientId, joining }, set] = useDraft(seen, draftOf)
    const [secret, setSecret] = useState('')
    const isSame = provider !== null && provider.issuer === issuer && provider.client_id === clientId
    const save = async () => {
        await call('PUT /v1/identity-provider', {
            version: seen.version,
            body: {
                sign_in_name: name.trim(), issuer: issuer.trim(), client_id: clientId.trim(),
                client_secret: secret === '' ? null : secret, joins_as: joining === 'nobody' ? null : joining,
            },
        })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text('action.save')}>
            <CopiedText label={text('provider.redirect_uri')} hint={text('provider.redirect_uri.hint')} value={seen.redirect_uri} />
            <TextField label={text('provider.issuer')} name="issuer" type="url" value={issuer} isRequired onChange={(issuer) => set({ issuer })} hint={text('provider.issuer.hint')} autoFocus />
            <TextField label={text('provider.client_id')} name="client_id" value={clientId} isRequired onChange={(clientId) => set({ clientId })} autoComplete="off" />
            <TextField
                label={text('provider.client_secret')} name="client_secret" type="password" value={secret} isRequired={!isSame}
                onChange={setSecret} autoComplete="off" hint={text(isSame ? 'provider.client_secret.kept' : 'provider.client_secret.hint')}
            />
            <TextField label={text('provider.sign_in_name')} name="sign_in_name" value={name} isRequired onChange={(name) => set({ name })} hint={text('provider.sign_in_name.hint')} />
            <SelectField
                label={text('provider.joins_as')} value={joining} onChange={(joining) => set({ joining })} hint={text('provider.joins_as.hint')} name="joins_as"
                choices={joinings.map((id) => ({ id, label: id === 'nobody' ? text('provider.joins_as.nobody') : text(`role.${id}`) }))}
            />
            {provider !== null && !isSame && <p role="status" className="text-sm text-warn">{text('provider.another')}</p>}
        </DrawerForm>
    )
}
