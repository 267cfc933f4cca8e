import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { DeviceModel } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { NumberField, TextField } from '@/components/field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { modelsQuery } from './queries'

interface Props { onClose: () => void; onMade: (model: DeviceModel) => void }

function NewModelForm({ onClose, onMade }: Props) {
    const text = useText()
    const client = useQueryClient()
    const [name, setName] = useState('')
    const [interval, setInterval] = useState<number | null>(60)
    const save = async () => {
        if (interval === null) return
        const made = await call('POST /v1/device-models', { body: { name: name.trim(), expected_interval_s: interval } })
        await client.invalidateQueries({ queryKey: modelsQuery.queryKey })
        toast(text('state.saved'))
        onMade(made)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <TextField label={text('devices.model')} name="name" value={name} isRequired onChange={setName} hint={text('models.name.hint')} autoFocus />
            <NumberField
                label={text('models.interval.field')} name="expected_interval_s" value={interval} isRequired onChange={setInterval}
                hint={text('models.interval.hint')}
            />
        </DrawerForm>
    )
}

export function NewModelDrawer({ isOpen, ...rest }: Props & { isOpen: boolean }) {
    const text = useText()
    return <Drawer title={text('models.new')} isOpen={isOpen} onClose={rest.onClose}><NewModelForm {...rest} /></Drawer>
}
