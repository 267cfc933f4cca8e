import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { deviceStates, type Device, type DeviceState } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'

interface Props { device: Device; onClose: () => void }

function EditForm({ device, onClose }: Props) {
    const text = useText()
    const client = useQueryClient()
    const [name, setName] = useState(device.name)
    const [state, setState] = useState<DeviceState>(device.state)
    const save = async () => {
        const body = { ...(name !== device.name ? { name } : {}), ...(state !== device.state ? { state } : {}) }
        await call('PATCH /v1/devices/{id}', { path: { id: device.id }, body })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.save')}>
            <TextField label={text('devices.name')} name="name" value={name} onChange={setName} autoFocus />
            <SelectField
                label={text('devices.state')} name="state" value={state} onChange={setState} hint={text('devices.state.hint')}
                choices={deviceStates.map((id) => ({ id, label: text(`devices.state.${id}`) }))}
            />
        </DrawerForm>
    )
}

export function EditDeviceDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('devices.edit')} isOpen={isOpen} onClose={rest.onClose}><EditForm {...rest} /></Drawer>
}
