import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Company } from '@/api/schema'
import { DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { toast } from '@/components/toasts'
import { useLocale, useText, type Locale } from '@/lib/i18n/text'
import { companiesQuery } from './queries'
import { OwnerFields } from './owner-fields'
import { zonesWith } from './zones'

const countries = ['CA', 'US'] as const

export function NewCompany({ onClose, onMade }: { onClose: () => void; onMade: (company: Company) => void }) {
    const text = useText()
    const client = useQueryClient()
    const [name, setName] = useState('')
    const [country, setCountry] = useState<(typeof countries)[number]>('CA')
    const [zone, setZone] = useState('America/Toronto')
    const [owner, setOwner] = useState<{ email: string; locale: Locale }>({ email: '', locale: useLocale() })
    const save = async () => {
        const made = await call('POST /v1/companies', { body: { name: name.trim(), country, zone, owner: owner.email ? owner : null } })
        await client.invalidateQueries({ queryKey: companiesQuery.queryKey })
        toast(text('state.saved'))
        onMade(made)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <TextField label={text('companies.name')} name="name" value={name} isRequired onChange={setName} autoFocus />
            <div className="grid grid-cols-2 gap-3">
                <SelectField
                    label={text('companies.country')} value={country} onChange={setCountry}
                    choices={countries.map((id) => ({ id, label: text(`companies.country.${id}`) }))}
                />
                <SelectField label={text('companies.zone')} value={zone} onChange={setZone} choices={zonesWith(zone)} />
            </div>
            <fieldset className="flex flex-col gap-3 rounded-md border border-line px-3 pt-1 pb-3">
                <legend className="px-1 text-sm font-medium">{text('companies.owner')}</legend>
                <OwnerFields names="owner." owner={owner} onChange={setOwner} />
                <p className="text-xs text-ink-soft">{text('companies.owner.note')}</p>
            </fieldset>
        </DrawerForm>
    )
}
