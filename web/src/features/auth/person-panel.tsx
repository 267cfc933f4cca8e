import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Ban, CircleCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { staffRoles, type Person, type StaffRole } from '@/api/schema'
import { staffMay, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Chip } from '@/components/chip'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { Facts, Panel } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useConfirmed } from './confirm-password'
import { personQuery, staffQuery } from './people-queries'

type Company = Person['companies'][number]
/** What is asked about before it is done. */
type Deed = 'disable' | 'enable' | 'end_sessions' | 'recover' | 'make_staff'

function Companies({ person }: { person: Person }) {
    const text = useText()
    const columns = useMemo<Column<Company>[]>(() => [
        { id: 'name', header: text('companies.name'), value: ({ name }) => name, wide: true },
        { id: 'role', header: text('members.role'), value: ({ role }) => text(`role.${role}`) },
        { id: 'state', header: text('companies.state'), value: ({ suspended }) => text(suspended ? 'companies.state.suspended' : 'companies.state.active') },
    ], [text])
    if (person.companies.length === 0) return <p className="text-sm text-ink-soft">{text('people.no_company')}</p>
    return (
        <div className="-mx-4">
            <DataTable label={text('people.companies')} columns={columns} rows={person.companies} rowKey={({ id }) => id} sort={{ id: 'name', desc: false }} />
        </div>
    )
}

function PersonFacts({ person }: { person: Person }) {
    const text = useText()
    const format = useFormat()
    const factors = [
        ...(person.authenticator_app ? [text('people.factor.app')] : []),
        ...(person.passkeys > 0 ? [text('people.factor.passkeys', { count: person.passkeys })] : []),
        ...(person.recovery_codes > 0 ? [text('people.factor.codes', { count: person.recovery_codes })] : []),
    ]
    return (
        <Facts
            items={[
                [text('people.state'), person.disabled_at
                    ? <Chip key="state" tone="bad" icon={Ban}>{text('people.state.disabled')}</Chip>
                    : <Chip key="state" tone="good" icon={CircleCheck}>{text('people.state.active')}</Chip>],
                [text('auth.email'), `${person.email} (${text(person.email_verified ? 'people.verified' : 'people.unverified')})`],
                [text('people.id'), <code key="id" className="select-all">{person.id}</code>],
                [text('people.since'), format.dateTime(person.created_at, 'UTC')],
                ...(person.disabled_at ? [[text('people.disabled_at'), format.dateTime(person.disabled_at, 'UTC')] as [string, string]] : []),
                [text('people.factors'), factors.join(', ') || text('people.factor.none')],
                [text('people.sessions'), format.exact(person.sessions)],
                ...(person.recovery_until ? [[text('people.recovery_until'), format.dateTime(person.recovery_until, 'UTC')] as [string, string]] : []),
                [text('people.staff'), person.staff_role ? text(`staff.role.${person.staff_role}`) : '—'],
            ]}
        />
    )
}

/** Says why, since the trail and the person's colleagues will ask. */
function ReasonForm({ lead, action, onSave, onClose }: { lead: string; action: string; onSave: (reason: string) => Promise<unknown>; onClose: () => void }) {
    const text = useText()
    const [reason, setReason] = useState('')
    const save = async () => {
        await onSave(reason)
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={action}>
            <p className="text-sm text-ink-soft">{lead}</p>
            <TextField label={text('people.reason')} name="reason" value={reason} onChange={setReason} isRequired autoFocus />
        </DrawerForm>
    )
}

function StaffForm({ onSave, onClose }: { onSave: (role: StaffRole) => Promise<unknown>; onClose: () => void }) {
    const text = useText()
    const [role, setRole] = useState<StaffRole>('support')
    const save = async () => {
        await onSave(role)
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('people.make_staff')}>
            <SelectField
                label={text('members.role')} value={role} onChange={setRole} hint={text(`staff.role.${role}.hint`)}
                choices={staffRoles.map((id) => ({ id, label: text(`staff.role.${id}`) }))}
            />
        </DrawerForm>
    )
}

function useDeeds(person: Person) {
    const text = useText()
    const client = useQueryClient()
    const { run, dialog } = useConfirmed()
    const path = { id: person.id }
    const show = (seen: Person) => client.setQueryData(personQuery(person.id).queryKey, seen)
    const refresh = () => client.invalidateQueries({ queryKey: personQuery(person.id).queryKey })
    const deeds = {
        disable: (reason: string) => run(async () => {
            show(await call('POST /v1/people/{id}/disable', { path, body: { reason } }))
            toast(text('people.disabled'))
        }),
        enable: () => run(async () => {
            show(await call('POST /v1/people/{id}/enable', { path }))
            toast(text('people.enabled'))
        }),
        end_sessions: () => run(async () => {
            await call('DELETE /v1/people/{id}/sessions', { path })
            await refresh()
            toast(text('people.sessions_ended'))
        }),
        recover: (reason: string) => run(async () => {
            await call('POST /v1/people/{id}/recovery', { path, body: { reason } })
            toast(text('people.recovery_begun'))
        }),
        make_staff: (role: StaffRole) => run(async () => {
            await call('POST /v1/staff', { body: { user_id: person.id, role } })
            await Promise.all([refresh(), client.invalidateQueries({ queryKey: staffQuery.queryKey })])
            toast(text('state.saved'))
        }),
    }
    return { deeds, dialog }
}

/** The buttons that this member of staff has for this person. */
function offered(person: Person, may: (permission: string) => boolean, self: string): Deed[] {
    if (person.id === self || (person.staff_role && !may('staff.manage'))) return []
    const hasFactor = person.authenticator_app || person.passkeys > 0
    return [
        ...(may('people.recover') && hasFactor && !person.staff_role && !person.disabled_at ? ['recover' as const] : []),
        ...(may('people.manage') && person.sessions > 0 ? ['end_sessions' as const] : []),
        ...(may('people.manage') ? [person.disabled_at ? 'enable' as const : 'disable' as const] : []),
        ...(may('staff.manage') && !person.staff_role && !person.disabled_at ? ['make_staff' as const] : []),
    ]
}

function Shown({ person }: { person: Person }) {
    const text = useText()
    const session = useSession()
    const [deed, ask] = useState<Deed | null>(null)
    const { deeds, dialog } = useDeeds(person)
    const close = () => ask(null)
    const asked = deed === 'enable' || deed === 'end_sessions' ? deed : null
    return (
        <div className="flex flex-col gap-4">
            <PersonFacts person={person} />
            <Companies person={person} />
            <div className="flex flex-wrap gap-2">
                {offered(person, (permission) => staffMay(session, permission), session.user.id).map((one) => (
                    <Button key={one} kind={one === 'disable' ? 'danger' : 'plain'} onPress={() => ask(one)}>{text(`people.${one}`)}</Button>
                ))}
            </div>
            <Drawer title={text('people.disable.title', { name: person.name })} isOpen={deed === 'disable'} onClose={close}>
                <ReasonForm lead={text('people.disable.lead')} action={text('people.disable')} onSave={deeds.disable} onClose={close} />
            </Drawer>
            <Drawer title={text('people.recover.title', { name: person.name })} isOpen={deed === 'recover'} onClose={close}>
                <ReasonForm lead={text('people.recover.lead')} action={text('people.recover.go')} onSave={deeds.recover} onClose={close} />
            </Drawer>
            <Drawer title={text('people.make_staff.title', { name: person.name })} isOpen={deed === 'make_staff'} onClose={close}>
                <StaffForm onSave={deeds.make_staff} onClose={close} />
            </Drawer>
            {asked && (
                <Confirm
                    title={text(`people.${asked}.title`, { name: person.name })} detail={text(`people.${asked}.lead`)} action={text(`people.${asked}`)}
                    isOpen onClose={close} onConfirm={deeds[asked]}
                />
            )}
            {dialog}
        </div>
    )
}

/** One person's account, and what may be done about it. */
export function PersonPanel({ id }: { id: string }) {
    const text = useText()
    const { data, error } = useQuery({ ...personQuery(id), retry: false })
    return (
        <Panel title={data?.name ?? text('people.person')}>
            {data ? <Shown person={data} /> : error ? <Failure error={error} /> : <Waiting />}
        </Panel>
    )
}
