import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { itemsOf } from '@/api/queries'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { Empty, Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { modelsQuery } from './queries'

interface Props { onClose: () => void; onSaved: (id: string) => void }

function NewDeviceForm({ onClose, onSaved }: Props) {
    const text = useText()
    const client = useQueryClient()
    const query = useInfiniteQuery(modelsQuery)
    const models = itemsOf(query.data)
    const [serial, setSerial] = useState('')
    const [name, setName] = useState('')
    const [chosen, setChosen] = useState<string | null>(null)
    if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
    if (!models) return <Waiting />
    const model = chosen ?? models[0]?.id
    if (!model) return <Empty title={text('devices.no_models')} detail={text('devices.no_models.detail')} />
    const save = async () => {
        const body = { serial: serial.trim(), model_id: model, ...(name.trim() ? { name: name.trim() } : {}) }
        const device = await call('POST /v1/devices', { body })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onSaved(device.id)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <TextField label={text('devices.serial')} name="serial" value={serial} isRequired onChange={setSerial} hint={text('devices.serial.hint')} autoFocus />
            <TextField label={text('devices.name')} name="name" value={name} onChange={setName} />
            <SelectField
                label={text('devices.model')} name="model_id" value={model} onChange={setChosen}
                choices={models.map((one) => ({ id: one.id, label: one.name }))}
            />
        </DrawerForm>
    )
}

export function NewDeviceDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('devices.new')} isOpen={isOpen} onClose={rest.onClose}><NewDeviceForm {...rest} /></Drawer>
}
