import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Company } from '@/api/schema'
import { staffMay, useSession } from '@/api/session'
import { Button, LinkButton } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { Facts } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useDraft, useSeen, type Seen } from '@/lib/use-seen'
import { FirstOwner } from './first-owner'
import { ParkedPolicy } from './parked-policy'
import { companiesQuery, companyNow, companyQuery } from './queries'
import { CompanyState } from './state-chip'
import { zonesWith } from './zones'

type Changes = Partial<Pick<Company, 'name' | 'zone' | 'state'>>

function useEdit({ seen, see }: Seen<Company>) {
    const client = useQueryClient()
    return async (changes: Changes) => {
        const next = await call('PATCH /v1/companies/{id}', { path: { id: seen.id }, version: seen.version, body: changes })
        see(next)
        client.setQueryData(companyQuery(seen.id).queryKey, next)
        await client.invalidateQueries({ queryKey: companiesQuery.queryKey })
    }
}

const draftOf = ({ name, zone }: Company) => ({ name, zone })

function EditForm({ company, onClose }: { company: Seen<Company>; onClose: () => void }) {
    const text = useText()
    const edit = useEdit(company)
    const { seen, load } = company
    const [{ name, zone }, set] = useDraft(seen, draftOf)
    const save = async () => {
        await edit({ ...(name.trim() !== seen.name && { name: name.trim() }), ...(zone !== seen.zone && { zone }) })
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text('action.save')}>
            <TextField label={text('companies.name')} name="name" value={name} isRequired onChange={(name) => set({ name })} />
            <SelectField label={text('companies.zone')} value={zone} onChange={(zone) => set({ zone })} choices={zonesWith(seen.zone)} hint={text('companies.zone.hint')} />
        </DrawerForm>
    )
}

function Suspension({ company }: { company: Seen<Company> }) {
    const text = useText()
    const edit = useEdit(company)
    const { seen, load } = company
    const [asking, ask] = useState(false)
    const verb = seen.state === 'active' ? 'suspend' : 'reinstate'
    const confirmed = async () => {
        await edit({ state: seen.state === 'active' ? 'suspended' : 'active' })
        toast(text(`companies.${verb}.done`))
    }
    return (
        <>
            <div><Button kind={verb === 'suspend' ? 'danger' : 'plain'} onPress={() => ask(true)}>{text(`companies.${verb}`)}</Button></div>
            <Confirm
                title={text(`companies.${verb}.title`, { name: seen.name })} detail={text(`companies.${verb}.detail`)} action={text(`companies.${verb}`)}
                isOpen={asking} onClose={() => ask(false)} onConfirm={confirmed} load={load}
            />
        </>
    )
}

function Shown({ company, onClose }: { company: Company; onClose: () => void }) {
    const text = useText()
    const format = useFormat()
    const session = useSession()
    const client = useQueryClient()
    const seen = useSeen(company, () => companyNow(client, company.id))
    return (
        <div className="flex flex-col gap-5">
            <Facts
                items={[
                    [text('companies.state'), <CompanyState key="state" state={company.state} />],
                    [text('companies.id'), <code key="id" className="select-all">{company.id}</code>],
                    [text('companies.country'), company.country],
                    [text('quality.floor'), text('quality.floor.value', { count: company.privacy_floor })],
                    [text('companies.created'), format.dateTime(company.created_at, company.zone)],
                ]}
            />
            <section aria-label={text('companies.owner')} className="flex flex-col gap-2">
                <h3 className="text-sm font-medium">{text('companies.owner')}</h3>
                <FirstOwner companyId={company.id} zone={company.zone} />
            </section>
            {staffMay(session, 'companies.edit') && <EditForm company={seen} onClose={onClose} />}
            <section aria-label={text('companies.parked')} className="flex flex-col gap-2">
                <h3 className="text-sm font-medium">{text('companies.parked')}</h3>
                <ParkedPolicy company={company} seen={seen} mayEdit={staffMay(session, 'companies.edit')} />
            </section>
            {staffMay(session, 'audit.read') && (
                <div><LinkButton to="/audit" search={{ company: company.id }}>{text('companies.trail')}</LinkButton></div>
            )}
            {staffMay(session, 'companies.suspend') && <Suspension company={seen} />}
        </div>
    )
}

/** One company, for staff: what it is, who owns it, and what may be changed. */
export function CompanyDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
    const text = useText()
    const query = useQuery({ ...companyQuery(id ?? ''), enabled: id !== undefined })
    return (
        <Drawer title={query.data?.name ?? text('companies.name')} isOpen={id !== undefined} onClose={onClose}>
            {query.error
                ? <Failure error={query.error} retry={() => void query.refetch()} />
                : query.data ? <Shown key={query.data.id} company={query.data} onClose={onClose} /> : <Waiting />}
        </Drawer>
    )
}
