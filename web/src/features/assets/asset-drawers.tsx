import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Asset, FaceIn } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useDraft, useSeen } from '@/lib/use-seen'
import { FaceFields } from './face-fields'
import { assetQuery } from './queries'

interface Props { asset: Asset; onClose: () => void }

function useSaved(onClose: () => void) {
    const client = useQueryClient()
    const text = useText()
    return async () => {
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
}

const draftOf = ({ name, plate, state }: Asset) => ({ name, plate: plate ?? '', state })

function EditForm({ asset, onClose }: Props) {
    const text = useText()
    const client = useQueryClient()
    const saved = useSaved(onClose)
    const { seen, load } = useSeen(asset, () => client.fetchQuery({ ...assetQuery(asset.id), staleTime: 0 }))
    const [{ name, plate, state }, set] = useDraft(seen, draftOf)
    const save = async () => {
        const plateChanged = asset.kind === 'vehicle' && plate !== (seen.plate ?? '')
        await call('PATCH /v1/assets/{id}', {
            path: { id: asset.id }, version: seen.version,
            body: {
                ...(name !== seen.name ? { name } : {}), ...(plateChanged ? { plate: plate || null } : {}),
                ...(state !== seen.state ? { state } : {}),
            },
        })
        await saved()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text('action.save')}>
            <TextField label={text('assets.name')} name="name" value={name} isRequired onChange={(name) => set({ name })} autoFocus />
            {asset.kind === 'vehicle' && <TextField label={text('assets.plate')} name="plate" value={plate} onChange={(plate) => set({ plate })} />}
            <SelectField
                label={text('assets.state')} value={state} onChange={(state) => set({ state })}
                choices={[{ id: 'active', label: text('assets.state.active') }, { id: 'retired', label: text('assets.state.retired') }]}
            />
        </DrawerForm>
    )
}

function FaceForm({ asset, onClose }: Props) {
    const text = useText()
    const saved = useSaved(onClose)
    const [face, setFace] = useState<FaceIn>(asset.kind === 'vehicle'
        ? { name: '', format: 'truck', placement: 'rear' } : { name: '', format: 'bulletin', placement: 'roadside' })
    const save = async () => {
        await call('POST /v1/assets/{id}/faces', { path: { id: asset.id }, body: face })
        await saved()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <FaceFields value={face} at="" onChange={setFace} />
        </DrawerForm>
    )
}

export function EditAssetDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('assets.edit')} isOpen={isOpen} onClose={rest.onClose}><EditForm {...rest} /></Drawer>
}

export function FaceDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('faces.new')} isOpen={isOpen} onClose={rest.onClose}><FaceForm {...rest} /></Drawer>
}
