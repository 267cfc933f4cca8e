import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ban, CircleCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { staffRoles, type StaffMember, type StaffRole } from '@/api/schema'
import { useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Chip } from '@/components/chip'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { Empty } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { itemNow } from '@/lib/item-now'
import { useDraft, useSeen } from '@/lib/use-seen'
import { useConfirmed } from './confirm-password'
import { staffQuery } from './people-queries'

const roleOf = ({ role }: StaffMember): { role: StaffRole } => ({ role })

function RoleForm({ member, onSave, onClose }: {
    member: StaffMember; onSave: (seen: StaffMember, role: StaffRole) => Promise<unknown>; onClose: () => void
}) {
    const text = useText()
    const client = useQueryClient()
    const { seen, load } = useSeen(member, () => itemNow<StaffMember>(client, staffQuery, ({ user_id }) => user_id === member.user_id))
    const [{ role }, set] = useDraft(seen, roleOf)
    const save = async () => {
        await onSave(seen, role)
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text('action.save')}>
            <SelectField
                label={text('members.role')} value={role} onChange={(role) => set({ role })} hint={text(`staff.role.${role}.hint`)}
                choices={staffRoles.map((id) => ({ id, label: text(`staff.role.${id}`) }))}
            />
        </DrawerForm>
    )
}

function useColumns(own: string, change: (member: StaffMember) => void, remove: (member: StaffMember) => void): Column<StaffMember>[] {
    const text = useText()
    return useMemo(() => [
        {
            id: 'name', header: text('members.name'), value: ({ name }) => name, wide: true,
            cell: ({ name, user_id }) => <Link to="/people" search={{ person: user_id }} className="hover:underline">{name}</Link>,
        },
        { id: 'email', header: text('auth.email'), value: ({ email }) => email },
        { id: 'role', header: text('members.role'), value: ({ role }) => text(`staff.role.${role}`) },
        { id: 'factor', header: text('members.factor'), value: (member) => text(member.second_factor ? 'members.factor.yes' : 'members.factor.no') },
        {
            id: 'state', header: text('people.state'), value: ({ disabled }) => (disabled ? 1 : 0),
            cell: ({ disabled }) => disabled
                ? <Chip tone="bad" icon={Ban}>{text('people.state.disabled')}</Chip>
                : <Chip tone="good" icon={CircleCheck}>{text('people.state.active')}</Chip>,
        },
        {
            id: 'do', header: text('members.do'), value: () => null, unsorted: true,
            cell: (member) => member.user_id === own ? text('staff.yourself') : (
                <span className="-ml-3 flex">
                    <Button kind="quiet" aria-label={text('staff.change.of', { name: member.name })} onPress={() => change(member)}>{text('members.change')}</Button>
                    <Button kind="quiet" aria-label={text('staff.remove.of', { name: member.name })} onPress={() => remove(member)}>{text('members.remove')}</Button>
                </span>
            ),
        },
    ], [text, own, change, remove])
}

/** Mobilytics' own staff, for those who may manage them. */
export function StaffPanel() {
    const text = useText()
    const client = useQueryClient()
    const session = useSession()
    const query = useInfiniteQuery(staffQuery)
    const { run, dialog } = useConfirmed()
    const [changing, setChanging] = useState<StaffMember | null>(null)
    const [leaving, setLeaving] = useState<StaffMember | null>(null)
    const columns = useColumns(session.user.id, setChanging, setLeaving)
    // The person shown above changes too.
    const refresh = async () => {
        await client.invalidateQueries()
        toast(text('state.saved'))
    }
    const change = (member: StaffMember, role: StaffRole) => run(async () => {
        await call('PATCH /v1/staff/{user_id}', { path: { user_id: member.user_id }, version: member.version, body: { role } })
        await refresh()
    })
    const remove = (member: StaffMember) => run(async () => {
        await call('DELETE /v1/staff/{user_id}', { path: { user_id: member.user_id }, version: member.version })
        await refresh()
    })
    return (
        <Panel title={text('staff.title')} note={text('staff.note')} flush>
            <ListView query={query} empty={<Empty title={text('staff.title')} />}>
                {(items) => <DataTable label={text('staff.title')} columns={columns} rows={items} rowKey={({ user_id }) => user_id} sort={{ id: 'name', desc: false }} />}
            </ListView>
            {dialog}
            <Drawer title={text('members.change.title', { name: changing?.name ?? '' })} isOpen={changing !== null} onClose={() => setChanging(null)}>
                {changing && <RoleForm member={changing} onSave={change} onClose={() => setChanging(null)} />}
            </Drawer>
            <Confirm
                title={text('staff.remove.title', { name: leaving?.name ?? '' })} detail={text('staff.remove.detail')} action={text('members.remove')}
                isOpen={leaving !== null} onClose={() => setLeaving(null)} onConfirm={() => remove(leaving!)}
                load={() => query.refetch({ throwOnError: true })}
            />
        </Panel>
    )
}
