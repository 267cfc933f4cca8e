import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { listQuery } from '@/api/queries'
import type { ApiKey } from '@/api/schema'
import { Button } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer } from '@/components/drawer'
import { ListView } from '@/components/list-view'
import { MoreMenu } from '@/components/menu'
import { Confirm } from '@/components/confirm'
import { Panel } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { KeyForm } from './key-form'
import { KeyTokens } from './key-tokens'
import { RotateKey } from './rotate-key'
import type { SettingsPanelProps } from './members-panel'

const keysQuery = listQuery('GET /v1/api-keys', { query: {} })

/** Whether it opens the door, and until when or since when not. */
function State({ apiKey, zone }: { apiKey: ApiKey; zone: string }) {
    const text = useText()
    const format = useFormat()
    const now = useNow(60_000)
    const { revoked_at: revoked, expires_at: end } = apiKey
    if (revoked) return text('tokens.revoked', { at: format.dateTime(revoked, zone) })
    if (!end) return text('keys.good')
    return text(Date.parse(end) <= now ? 'keys.expired' : 'keys.until', { at: format.dateTime(end, zone) })
}

function Revoke({ apiKey, onClose, onDone }: { apiKey: ApiKey | null; onClose: () => void; onDone: () => Promise<void> }) {
    const text = useText()
    const revoke = async () => {
        await call('DELETE /v1/api-keys/{id}', { path: { id: apiKey?.id ?? '' } })
        await onDone()
    }
    return (
        <Confirm
            title={text('keys.revoke.title', { name: apiKey?.name ?? '' })} detail={text('keys.revoke.detail')} action={text('tokens.revoke')}
            isOpen={apiKey !== null} onClose={onClose} onConfirm={revoke}
        />
    )
}

export function KeysPanel({ zone, isAdding, show }: SettingsPanelProps) {
    const text = useText()
    const format = useFormat()
    const query = useInfiniteQuery(keysQuery)
    const [secret, setSecret] = useState<string | null>(null)
    const client = useQueryClient()
    const [rotating, setRotating] = useState<ApiKey | null>(null)
    const [revoking, setRevoking] = useState<ApiKey | null>(null)
    const renew = () => client.invalidateQueries({ queryKey: keysQuery.queryKey })
    const [opened, setOpened] = useState<ApiKey | null>(null)
    const columns = useMemo<Column<ApiKey>[]>(() => [
        { id: 'name', header: text('keys.name'), value: (key) => key.name },
        { id: 'hint', header: text('keys.key'), value: (key) => key.hint, cell: (key) => <code>{key.hint}</code> },
        { id: 'role', header: text('members.role'), value: (key) => text(`role.${key.role}`) },
        {
            id: 'scopes', header: text('keys.limits'), value: (key) => key.scopes?.length ?? null,
            cell: (key) => [
                key.scopes && text('keys.limits.scopes', { count: key.scopes.length }),
                key.addresses?.join(', '),
            ].filter(Boolean).join(' · ') || '—',
        },
        { id: 'maker', header: text('keys.maker'), value: (key) => key.created_by, cell: (key) => key.created_by ?? text('keys.maker.key') },
        { id: 'created', header: text('tokens.created'), value: (key) => key.created_at, cell: (key) => format.dateTime(key.created_at, zone) },
        { id: 'used', header: text('tokens.used'), value: (key) => key.last_used_at, cell: (key) => format.dateTime(key.last_used_at, zone) },
        {
            id: 'state', header: text('tokens.state'), value: (key) => key.revoked_at ?? key.expires_at,
            cell: (key) => <State apiKey={key} zone={zone} />,
        },
        {
            id: 'more', header: text('action.more'), unsorted: true, value: () => null,
            cell: (key) => key.revoked_at === null && (
                <MoreMenu
                    label={text('keys.more', { name: key.name })}
                    actions={[
                        { id: 'tokens', label: text('keys.tokens'), onAction: () => setOpened(key) },
                        { id: 'rotate', label: text('keys.rotate'), onAction: () => setRotating(key) },
                        { id: 'revoke', label: text('tokens.revoke'), danger: true, onAction: () => setRevoking(key) },
                    ]}
                />
            ),
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
            <KeyTokens apiKey={opened} zone={zone} onClose={() => setOpened(null)} />
            <Revoke apiKey={revoking} onClose={() => setRevoking(null)} onDone={renew} />
            <RotateKey
                apiKey={rotating} zone={zone} onClose={() => setRotating(null)}
                onSecret={async (next) => {
                    await renew()
                    setSecret(next)
                }}
            />
        </Panel>
    )
}
