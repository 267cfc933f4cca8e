import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { itemsOf } from '@/api/queries'
import type { Device, DeviceToken } from '@/api/schema'
import { Button } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { ErrorNote } from '@/components/error-note'
import { ListView } from '@/components/list-view'
import { Confirm } from '@/components/confirm'
import { Panel } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { tokensQuery } from './queries'

const most = 2

/** What the device signs its data with. Two at most, so that one can replace the other without a gap. */
export function TokensPanel({ device, zone }: { device: Device; zone: string }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const query = useInfiniteQuery(tokensQuery(device.id))
    const [secret, setSecret] = useState<string | null>(null)
    const [error, setError] = useState<unknown>(null)
    const [leaving, setLeaving] = useState<DeviceToken | null>(null)
    const active = itemsOf(query.data)?.filter((token) => token.revoked_at === null).length ?? 0
    const create = async () => {
        setError(null)
        try {
            const token = await call('POST /v1/devices/{id}/tokens', { path: { id: device.id } })
            setSecret(token.secret)
            await client.invalidateQueries({ queryKey: tokensQuery(device.id).queryKey })
        } catch (caught) {
            setError(caught)
        }
    }
    const columns = useMemo<Column<DeviceToken>[]>(() => [
        { id: 'id', header: text('tokens.id'), value: (token) => token.id, cell: (token) => <code className="font-normal">{token.id}</code> },
        { id: 'created', header: text('tokens.created'), value: (token) => token.created_at, cell: (token) => format.dateTime(token.created_at, zone) },
        { id: 'used', header: text('tokens.used'), value: (token) => token.last_used_at, cell: (token) => format.dateTime(token.last_used_at, zone) },
        {
            id: 'state', header: text('tokens.state'), value: (token) => token.revoked_at,
            cell: (token) => token.revoked_at
                ? text('tokens.revoked', { at: format.dateTime(token.revoked_at, zone) })
                : <span className="-ml-3"><Button kind="quiet" onPress={() => setLeaving(token)}>{text('tokens.revoke')}</Button></span>,
        },
    ], [text, format, zone])
    return (
        <Panel
            title={text('tokens.title')} note={text('tokens.note')} flush
            tools={<Button onPress={() => void create()} isDisabled={active >= most}><Plus size={14} aria-hidden />{text('tokens.new')}</Button>}
        >
            <div className="px-4"><ErrorNote error={error} /></div>
            <ListView query={query} empty={<Empty title={text('tokens.none')} detail={text('tokens.none.detail')} />}>
                {(items) => <DataTable label={text('tokens.title')} columns={columns} rows={items} rowKey={(token) => token.id} sort={{ id: 'created', desc: true }} isDimmed={(token) => token.revoked_at !== null} />}
            </ListView>
            <SecretOnce title={text('tokens.secret')} secret={secret} onClose={() => setSecret(null)} />
            <Confirm
                title={text('tokens.revoke')} detail={text('tokens.revoke.detail')} action={text('tokens.revoke')}
                isOpen={leaving !== null} onClose={() => setLeaving(null)}
                onConfirm={async () => {
                    await call('DELETE /v1/devices/{id}/tokens/{token_id}', { path: { id: device.id, token_id: leaving!.id } })
                    await client.invalidateQueries({ queryKey: tokensQuery(device.id).queryKey })
                }}
            />
        </Panel>
    )
}
