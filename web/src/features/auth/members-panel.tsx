import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { listQuery } from '@/api/queries'
import { roles, type Member, type Role } from '@/api/schema'
import { Button } from '@/components/button'
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
import { useFormat } from '@/lib/use-format'
import { useDraft, useSeen } from '@/lib/use-seen'

const membersQuery = listQuery('GET /v1/members', { query: {} })

export interface SettingsPanelProps {
    zone: string; isAdding: boolean; show: (drawer: 'invite' | 'key' | undefined) => void
}

const roleOf = ({ role }: Member): { role: Role } => ({ role })

function RoleForm({ member, onClose }: { member: Member; onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const { seen, load } = useSeen(member, () => itemNow<Member>(client, membersQuery, ({ user_id }) => user_id === member.user_id))
    const [{ role }, set] = useDraft(seen, roleOf)
    const save = async () => {
        await call('PATCH /v1/members/{user_id}', { path: { user_id: seen.user_id }, version: seen.version, body: { role } })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text('action.save')}>
            <SelectField
                label={text('members.role')} value={role} onChange={(role) => set({ role })} hint={text(`role.${role}.hint`)}
                choices={roles.map((id) => ({ id, label: text(`role.${id}`) }))}
            />
        </DrawerForm>
    )
}

export function MembersPanel({ zone, mayEdit }: { zone: string; mayEdit: boolean }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const query = useInfiniteQuery(membersQuery)
    const [changing, setChanging] = useState<Member | null>(null)
    const [leaving, setLeaving] = useState<Member | null>(null)
    const columns = useMemo<Column<Member>[]>(() => [
        { id: 'name', header: text('members.name'), value: (member) => member.name },
        { id: 'email', header: text('auth.email'), value: (member) => member.email },
        { id: 'role', header: text('members.role'), value: (member) => text(`role.${member.role}`) },
        { id: 'factor', header: text('members.factor'), value: (member) => text(member.second_factor ? 'members.factor.yes' : 'members.factor.no') },
        { id: 'since', header: text('members.since'), value: (member) => member.created_at, cell: (member) => format.date(member.created_at, zone) },
        ...(mayEdit ? [{
            id: 'do', header: text('members.do'), value: () => null, unsorted: true,
            cell: (member: Member) => (
                <span className="-ml-3 flex">
                    <Button kind="quiet" onPress={() => setChanging(member)}>{text('members.change')}</Button>
                    <Button kind="quiet" onPress={() => setLeaving(member)}>{text('members.remove')}</Button>
                </span>
            ),
        }] : []),
    ], [text, format, zone, mayEdit])
    return (
        <Panel title={text('members.title')} flush>
            <ListView query={query} empty={<Empty title={text('members.none')} />}>
                {(items) => (
                    <DataTable
                        label={text('members.title')} columns={columns} rows={items} rowKey={(member) => member.user_id}
                        sort={{ id: 'name', desc: false }}
                    />
                )}
            </ListView>
            <Drawer title={text('members.change.title', { name: changing?.name ?? '' })} isOpen={changing !== null} onClose={() => setChanging(null)}>
                {changing && <RoleForm member={changing} onClose={() => setChanging(null)} />}
            </Drawer>
            <Confirm
                title={text('members.remove.title', { name: leaving?.name ?? '' })} detail={text('members.remove.detail')}
                action={text('members.remove')} isOpen={leaving !== null} onClose={() => setLeaving(null)}
                load={() => query.refetch({ throwOnError: true })}
                onConfirm={async () => {
                    await call('DELETE /v1/members/{user_id}', { path: { user_id: leaving!.user_id }, version: leaving!.version })
                    await client.invalidateQueries({ queryKey: membersQuery.queryKey })
                }}
            />
        </Panel>
    )
}
