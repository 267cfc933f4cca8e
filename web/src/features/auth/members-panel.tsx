import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { listQuery } from '@/api/queries'
import type { Member, Role } from '@/api/schema'
import { Button } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { Empty } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'

export const roles: readonly Role[] = ['owner', 'manager', 'analyst', 'viewer', 'installer']
const membersQuery = listQuery('GET /v1/members', { query: {} })

export interface SettingsPanelProps {
    zone: string; isAdding: boolean; show: (drawer: 'member' | 'key' | undefined) => void
}

function MemberForm({ onClose }: { onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const [typed, setTyped] = useState({ name: '', email: '', password: '' })
    const [role, setRole] = useState<Role>('viewer')
    const set = (part: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...part }))
    const save = async () => {
        await call('POST /v1/members', { body: { ...typed, role } })
        await client.invalidateQueries({ queryKey: membersQuery.queryKey })
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <TextField label={text('members.name')} name="name" value={typed.name} isRequired onChange={(name) => set({ name })} autoFocus />
            <TextField label={text('auth.email')} name="email" type="email" value={typed.email} isRequired onChange={(email) => set({ email })} />
            <TextField
                label={text('members.password')} name="password" type="password" autoComplete="new-password"
                value={typed.password} isRequired onChange={(password) => set({ password })} hint={text('members.password.hint')}
            />
            <SelectField
                label={text('members.role')} value={role} onChange={setRole} hint={text(`role.${role}.hint`)}
                choices={roles.map((id) => ({ id, label: text(`role.${id}`) }))}
            />
        </DrawerForm>
    )
}

export function MembersPanel({ zone, mayEdit, isAdding, show }: SettingsPanelProps & { mayEdit: boolean }) {
    const text = useText()
    const format = useFormat()
    const query = useInfiniteQuery(membersQuery)
    const columns = useMemo<Column<Member>[]>(() => [
        { id: 'name', header: text('members.name'), value: (member) => member.name },
        { id: 'email', header: text('auth.email'), value: (member) => member.email },
        { id: 'role', header: text('members.role'), value: (member) => text(`role.${member.role}`) },
        { id: 'since', header: text('members.since'), value: (member) => member.created_at, cell: (member) => format.date(member.created_at, zone) },
    ], [text, format, zone])
    const close = () => show(undefined)
    return (
        <Panel
            title={text('members.title')} flush
            tools={mayEdit && <Button onPress={() => show('member')}><Plus size={14} aria-hidden />{text('members.add')}</Button>}
        >
            <ListView query={query} empty={<Empty title={text('members.none')} />}>
                {(items) => (
                    <DataTable
                        label={text('members.title')} columns={columns} rows={items} rowKey={(member) => member.user_id}
                        sort={{ id: 'name', desc: false }}
                    />
                )}
            </ListView>
            <Drawer title={text('members.add')} isOpen={isAdding} onClose={close}><MemberForm onClose={close} /></Drawer>
        </Panel>
    )
}
