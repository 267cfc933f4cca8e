import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { AssetIn, AssetKind, FaceIn } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { Segments } from '@/components/filters'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { FaceFields } from './face-fields'

interface Props { onClose: () => void; onSaved: (id: string) => void }

const firstFace = (kind: AssetKind, name: string): FaceIn =>
    kind === 'vehicle' ? { name, format: 'truck', placement: 'side' } : { name, format: 'bulletin', placement: 'roadside' }
const degrees = '-?\\d+([.,]\\d+)?'
const numberOf = (typed: string) => Number(typed.replace(',', '.'))

function NewAssetForm({ onClose, onSaved }: Props) {
    const text = useText()
    const client = useQueryClient()
    const [kind, setKind] = useState<AssetKind>('vehicle')
    const [typed, setTyped] = useState({ name: '', plate: '', lat: '', lon: '' })
    const [face, setFace] = useState(() => firstFace('vehicle', text('faces.first')))
    const set = (part: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...part }))
    const choose = (next: AssetKind) => {
        setKind(next)
        setFace(firstFace(next, face.name))
    }
    const save = async () => {
        const body: AssetIn = {
            kind, name: typed.name.trim(), faces: [face],
            ...(kind === 'vehicle' && typed.plate.trim() ? { plate: typed.plate.trim() } : {}),
            ...(kind === 'billboard' ? { point: { lat: numberOf(typed.lat), lon: numberOf(typed.lon) } } : {}),
        }
        const asset = await call('POST /v1/assets', { body })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onSaved(asset.id)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <Segments
                label={text('assets.kind')} value={kind} onChange={choose}
                choices={[
                    { id: 'vehicle', label: text('assets.kind.vehicle') },
                    { id: 'billboard', label: text('assets.kind.billboard') },
                ]}
            />
            <TextField label={text('assets.name')} name="name" value={typed.name} isRequired onChange={(name) => set({ name })} autoFocus />
            {kind === 'vehicle'
                ? <TextField label={text('assets.plate')} name="plate" value={typed.plate} onChange={(plate) => set({ plate })} />
                : (
                    <div className="grid grid-cols-2 gap-3">
                        <TextField label={text('assets.lat')} name="point.lat" value={typed.lat} pattern={degrees} inputMode="decimal" isRequired onChange={(lat) => set({ lat })} hint="43.65350" />
                        <TextField label={text('assets.lon')} name="point.lon" value={typed.lon} pattern={degrees} inputMode="decimal" isRequired onChange={(lon) => set({ lon })} hint="-79.38390" />
                    </div>
                )}
            <fieldset className="rounded-md border border-line px-3 pt-1 pb-3">
                <legend className="px-1 text-sm font-medium">{text('faces.one')}</legend>
                <FaceFields value={face} at="faces.0." onChange={setFace} />
            </fieldset>
        </DrawerForm>
    )
}

export function NewAssetDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('assets.new')} isOpen={isOpen} onClose={rest.onClose}><NewAssetForm {...rest} /></Drawer>
}
