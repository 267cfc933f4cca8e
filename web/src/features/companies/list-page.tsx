import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, Building2, CircleCheck, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { listQuery } from '@/api/queries'
import { staffMay, useSession } from '@/api/session'
import type { Company } from '@/api/schema'
import { LinkButton } from '@/components/button'
import { Chip } from '@/components/chip'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'

const companiesQuery = listQuery('GET /v1/companies', { query: {} })

function useColumns(): Column<Company>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        { id: 'name', header: text('companies.name'), value: (company) => company.name, wide: true },
        {
            id: 'state', header: text('companies.state'), value: (company) => company.state,
            cell: (company) => company.state === 'active'
                ? <Chip tone="good" icon={CircleCheck}>{text('companies.state.active')}</Chip>
                : <Chip tone="bad" icon={Ban}>{text('companies.state.suspended')}</Chip>,
        },
        { id: 'country', header: text('companies.country'), value: (company) => company.country },
        { id: 'zone', header: text('companies.zone'), value: (company) => company.zone },
        { id: 'floor', header: text('quality.floor'), value: (company) => company.privacy_floor, cell: (company) => format.exact(company.privacy_floor), numeric: true },
        { id: 'created', header: text('companies.created'), value: (company) => company.created_at, cell: (company) => format.dateTime(company.created_at, company.zone) },
    ], [text, format])
}

const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone.startsWith('America/') || zone.startsWith('Pacific/'))
const countries = ['CA', 'US'] as const

function CompanyForm({ onClose }: { onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const [name, setName] = useState('')
    const [country, setCountry] = useState<(typeof countries)[number]>('CA')
    const [zone, setZone] = useState('America/Toronto')
    const [owner, setOwner] = useState({ email: '', name: '', password: '' })
    const set = (part: Partial<typeof owner>) => setOwner((now) => ({ ...now, ...part }))
    const save = async () => {
        await call('POST /v1/companies', { body: { name: name.trim(), country, zone, owner: owner.email ? owner : null } })
        await client.invalidateQueries({ queryKey: companiesQuery.queryKey })
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <TextField label={text('companies.name')} name="name" value={name} isRequired onChange={setName} autoFocus />
            <div className="grid grid-cols-2 gap-3">
                <SelectField
                    label={text('companies.country')} value={country} onChange={setCountry}
                    choices={countries.map((id) => ({ id, label: text(`companies.country.${id}`) }))}
                />
                <SelectField label={text('companies.zone')} value={zone} onChange={setZone} choices={zones.map((id) => ({ id, label: id }))} />
            </div>
            <fieldset className="flex flex-col gap-3 rounded-md border border-line px-3 pt-1 pb-3">
                <legend className="px-1 text-sm font-medium">{text('companies.owner')}</legend>
                <TextField label={text('members.name')} name="owner.name" value={owner.name} isRequired={owner.email !== ''} onChange={(next) => set({ name: next })} />
                <TextField label={text('auth.email')} name="owner.email" type="email" value={owner.email} onChange={(email) => set({ email })} />
                <TextField
                    label={text('members.password')} name="owner.password" type="password" autoComplete="new-password"
                    value={owner.password} isRequired={owner.email !== ''} onChange={(password) => set({ password })} hint={text('members.password.hint')}
                />
            </fieldset>
        </DrawerForm>
    )
}

export function CompanyListPage() {
    const text = useText()
    const { open } = useSearch({ from: '/shell/companies' })
    const navigate = useNavigate({ from: '/companies' })
    const columns = useColumns()
    const query = useInfiniteQuery(companiesQuery)
    const mayCreate = staffMay(useSession(), 'companies.create')
    const create = mayCreate && (
        <LinkButton to="/companies" search={{ open: 'new' }} kind="primary"><Plus size={15} aria-hidden />{text('companies.new')}</LinkButton>
    )
    const close = () => void navigate({ search: {}, replace: true })
    return (
        <Page title={text('nav.companies')} action={create}>
            <div className="rounded-md border border-line bg-surface">
                <ListView query={query} empty={<Empty icon={Building2} title={text('companies.none')} detail={text('companies.none.detail')} action={create} />}>
                    {(items) => (
                        <DataTable
                            label={text('nav.companies')} columns={columns} rows={items} rowKey={(company) => company.id}
                            sort={{ id: 'name', desc: false }}
                        />
                    )}
                </ListView>
            </div>
            <Drawer title={text('companies.new')} isOpen={open === 'new' && mayCreate} onClose={close}><CompanyForm onClose={close} /></Drawer>
        </Page>
    )
}
