import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { listQuery } from '@/api/queries'
import type { ApiKey, TokenFamily } from '@/api/schema'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer } from '@/components/drawer'
import { ListView } from '@/components/list-view'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'

const tokensQuery = (id: string) => listQuery('GET /v1/api-keys/{id}/tokens', { path: { id }, query: {} })

function Tokens({ apiKey, zone }: { apiKey: ApiKey; zone: string }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const query = useInfiniteQuery(tokensQuery(apiKey.id))
    const [ending, setEnding] = useState<TokenFamily | null>(null)
    const columns = useMemo<Column<TokenFamily>[]>(() => [
        { id: 'used', header: text('tokens.used'), value: (one) => one.last_used_at, cell: (one) => format.dateTime(one.last_used_at, zone) },
        { id: 'address', header: text('keys.tokens.from'), value: (one) => one.address },
        {
            id: 'end', header: text('tokens.state'), value: (one) => one.expires_at,
            cell: (one) => <span className="-ml-3"><Button kind="quiet" onPress={() => setEnding(one)}>{text('keys.tokens.end')}</Button></span>,
        },
    ], [text, format, zone])
    return (
        <>
            <p className="mb-3 text-sm text-ink-soft">{text('keys.tokens.note')}</p>
            <ListView query={query} empty={<Empty title={text('keys.tokens.none')} detail={text('keys.tokens.none.detail')} />}>
                {(items) => (
                    <DataTable
                        label={text('keys.tokens.title', { name: apiKey.name })} columns={columns} rows={items} rowKey={(one) => one.id}
                        sort={{ id: 'used', desc: true }}
                    />
                )}
            </ListView>
            <Confirm
                title={text('keys.tokens.end.title')} detail={text('keys.tokens.end.detail')} action={text('keys.tokens.end')}
                isOpen={ending !== null} onClose={() => setEnding(null)}
                onConfirm={async () => {
                    await call('DELETE /v1/api-keys/{id}/tokens/{family}', { path: { id: apiKey.id, family: ending!.id } })
                    await client.invalidateQueries({ queryKey: tokensQuery(apiKey.id).queryKey })
                }}
            />
        </>
    )
}

/** Which programs got tokens for a key, and the end of each. */
export function KeyTokens({ apiKey, zone, onClose }: { apiKey: ApiKey | null; zone: string; onClose: () => void }) {
    const text = useText()
    return (
        <Drawer title={text('keys.tokens.title', { name: apiKey?.name ?? '' })} isOpen={apiKey !== null} onClose={onClose}>
            {apiKey && <Tokens apiKey={apiKey} zone={zone} />}
        </Drawer>
    )
}
