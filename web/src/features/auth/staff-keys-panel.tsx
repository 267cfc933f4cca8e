import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import type { StaffKey } from '@/api/schema'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { TextField } from '@/components/field'
import { Panel } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { SentForm } from '@/components/sent-form'
import { Empty } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { useConfirmed } from './confirm-password'
import { staffKeysQuery } from './people-queries'

function NewKey({ run, onSecret }: { run: ReturnType<typeof useConfirmed>['run']; onSecret: (secret: string) => void }) {
    const text = useText()
    const client = useQueryClient()
    const make = (form: FormData) => run(async () => {
        const made = await call('POST /v1/staff-keys', { body: { name: String(form.get('name')).trim() } })
        await client.invalidateQueries({ queryKey: staffKeysQuery.queryKey })
        onSecret(made.secret)
    })
    return (
        <SentForm onSend={make} action={text('staff.keys.make')} className="flex max-w-md flex-col gap-3 px-4 pt-3 pb-4">
            <TextField label={text('keys.name')} name="name" isRequired autoComplete="off" hint={text('keys.name.hint')} />
        </SentForm>
    )
}

/** Programs that act as a member of staff: one's own, for admins everybody's. */
export function StaffKeysPanel() {
    const text = useText()
    const format = useFormat()
    const now = useNow(60_000)
    const client = useQueryClient()
    const query = useInfiniteQuery(staffKeysQuery)
    const { run, dialog } = useConfirmed()
    const [secret, setSecret] = useState<string | null>(null)
    const [ending, setEnding] = useState<StaffKey | null>(null)
    const columns = useMemo<Column<StaffKey>[]>(() => [
        { id: 'name', header: text('members.name'), value: ({ name }) => name, wide: true },
        { id: 'person', header: text('staff.keys.person'), value: ({ user_name }) => user_name },
        { id: 'made', header: text('staff.keys.made'), value: ({ created_at }) => created_at, cell: ({ created_at }) => format.date(created_at, 'UTC') },
        { id: 'ends', header: text('staff.keys.ends'), value: ({ expires_at }) => expires_at, cell: ({ expires_at }) => format.date(expires_at, 'UTC') },
        {
            id: 'do', header: text('members.do'), value: () => null, unsorted: true,
            cell: (key) => key.revoked_at ? text('staff.keys.revoked') : Date.parse(key.expires_at) <= Number(now) ? text('staff.keys.over') : (
                <span className="-ml-3">
                    <Button kind="quiet" aria-label={text('staff.keys.revoke.of', { name: key.name })} onPress={() => setEnding(key)}>{text('staff.keys.revoke')}</Button>
                </span>
            ),
        },
    ], [text, format, now])
    const revoke = (key: StaffKey) => run(async () => {
        await call('DELETE /v1/staff-keys/{id}', { path: { id: key.id } })
        await client.invalidateQueries({ queryKey: staffKeysQuery.queryKey })
        toast(text('state.saved'))
    })
    return (
        <Panel title={text('staff.keys')} note={text('staff.keys.note')} flush>
            <ListView query={query} empty={<Empty title={text('staff.keys.none')} />}>
                {(items) => <DataTable label={text('staff.keys')} columns={columns} rows={items} rowKey={({ id }) => id} sort={{ id: 'made', desc: true }} />}
            </ListView>
            <NewKey run={run} onSecret={setSecret} />
            <SecretOnce title={text('staff.keys.secret')} secret={secret} onClose={() => setSecret(null)} />
            {dialog}
            <Confirm
                title={text('staff.keys.revoke.title', { name: ending?.name ?? '' })} detail={text('staff.keys.revoke.detail')} action={text('staff.keys.revoke')}
                isOpen={ending !== null} onClose={() => setEnding(null)} onConfirm={() => revoke(ending!)}
            />
        </Panel>
    )
}
