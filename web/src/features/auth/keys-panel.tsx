import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { listQuery } from '@/api/queries'
import { roles, type ApiKey, type Role } from '@/api/schema'
import { Button } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { ListView } from '@/components/list-view'
import { Confirm } from '@/components/confirm'
import { Panel } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import type { SettingsPanelProps } from './members-panel'

const keysQuery = listQuery('GET /v1/api-keys', { query: {} })

function KeyForm({ onClose, onSecret }: { onClose: () => void; onSecret: (secret: string) => void }) {
    const text = useText()
    const client = useQueryClient()
    const [name, setName] = useState('')
    const [role, setRole] = useState<Role>('analyst')
    const save = async () => {
        const key = await call('POST /v1/api-keys', { body: { name: name.trim(), role } })
        await client.invalidateQueries({ queryKey: keysQuery.queryKey })
        onClose()
        onSecret(key.secret)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <TextField label={text('keys.name')} name="name" value={name} isRequired onChange={setName} hint={text('keys.name.hint')} autoFocus />
            <SelectField
                label={text('members.role')} value={role} onChange={setRole} hint={text(`role.${role}.hint`)}
                choices={roles.map((id) => ({ id, label: text(`role.${id}`) }))}
            />
        </DrawerForm>
    )
}

export function KeysPanel({ zone, isAdding, show }: SettingsPanelProps) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const query = useInfiniteQuery(keysQuery)
    const [secret, setSecret] = useState<string | null>(null)
    const [leaving, setLeaving] = useState<ApiKey | null>(null)
    const columns = useMemo<Column<ApiKey>[]>(() => [
        { id: 'name', header: text('keys.name'), value: (key) => key.name },
        { id: 'hint', header: text('keys.key'), value: (key) => key.hint, cell: (key) => <code>{key.hint}</code> },
        { id: 'role', header: text('members.role'), value: (key) => text(`role.${key.role}`) },
        { id: 'created', header: text('tokens.created'), value: (key) => key.created_at, cell: (key) => format.dateTime(key.created_at, zone) },
        { id: 'used', header: text('tokens.used'), value: (key) => key.last_used_at, cell: (key) => format.dateTime(key.last_used_at, zone) },
        {
            id: 'state', header: text('tokens.state'), value: (key) => key.revoked_at,
            cell: (key) => key.revoked_at
                ? text('tokens.revoked', { at: format.dateTime(key.revoked_at, zone) })
                : <span className="-ml-3"><Button kind="quiet" onPress={() => setLeaving(key)}>{text('tokens.revoke')}</Button></span>,
        },
    ], [text, format, zone])
    const close = () => show(undefined)
    return (
        <Panel
            title={text('keys.title')} note={text('keys.note')} flush
            tools={<Button onPress={() => show('key')}><Plus size={14} aria-hidden />{text('keys.new')}</Button>}
        >
            <ListView query={query} empty={<Empty title={text('keys.none')} detail={text('keys.none.detail')} />}>
                {(items) => (
                    <DataTable
                        label={text('keys.title')} columns={columns} rows={items} rowKey={(key) => key.id}
                        sort={{ id: 'created', desc: true }} isDimmed={(key) => key.revoked_at !== null}
                    />
                )}
            </ListView>
            <Drawer title={text('keys.new')} isOpen={isAdding} onClose={close}><KeyForm onClose={close} onSecret={setSecret} /></Drawer>
            <SecretOnce title={text('keys.secret')} secret={secret} onClose={() => setSecret(null)} />
            <Confirm
                title={text('keys.revoke.title', { name: leaving?.name ?? '' })} detail={text('keys.revoke.detail')} action={text('tokens.revoke')}
                isOpen={leaving !== null} onClose={() => setLeaving(null)}
                onConfirm={async () => {
                    await call('DELETE /v1/api-keys/{id}', { path: { id: leaving!.id } })
                    await client.invalidateQueries({ queryKey: keysQuery.queryKey })
                }}
            />
        </Panel>
    )
}
