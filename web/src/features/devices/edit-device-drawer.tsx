import { useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import { deviceStates, type Device } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useDraft, useSeen } from '@/lib/use-seen'
import { deviceQuery } from './queries'

interface Props { device: Device; onClose: () => void }

const draftOf = ({ name, state }: Device) => ({ name, state })

function EditForm({ device, onClose }: Props) {
    const text = useText()
    const client = useQueryClient()
    const { seen, load } = useSeen(device, () => client.fetchQuery({ ...deviceQuery(device.id), staleTime: 0 }))
    const [{ name, state }, set] = useDraft(seen, draftOf)
    const save = async () => {
        const body = { ...(name !== seen.name ? { name } : {}), ...(state !== seen.state ? { state } : {}) }
        await call('PATCH /v1/devices/{id}', { path: { id: device.id }, version: seen.version, body })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text('action.save')}>
            <TextField label={text('devices.name')} name="name" value={name} onChange={(name) => set({ name })} autoFocus />
            <SelectField
                label={text('devices.state')} name="state" value={state} onChange={(state) => set({ state })} hint={text('devices.state.hint')}
                choices={deviceStates.map((id) => ({ id, label: text(`devices.state.${id}`) }))}
            />
        </DrawerForm>
    )
}

export function EditDeviceDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('devices.edit')} isOpen={isOpen} onClose={rest.onClose}><EditForm {...rest} /></Drawer>
}
