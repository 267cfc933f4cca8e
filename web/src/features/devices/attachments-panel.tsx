import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import type { Attachment, Device } from '@/api/schema'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { Confirm } from '@/components/confirm'
import { MoreMenu } from '@/components/menu'
import { Panel } from '@/components/page'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { attachmentsQuery } from './queries'

type Asking = { kind: 'end' | 'remove'; attachment: Attachment }

/** Where the device has been. An entry that never was is removed; one that is over is ended. */
export function AttachmentsPanel({ device, zone, mayEdit }: { device: Device; zone: string; mayEdit: boolean }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const query = useInfiniteQuery(attachmentsQuery(device.id))
    const [asking, setAsking] = useState<Asking | null>(null)
    const columns = useMemo<Column<Attachment>[]>(() => [
        {
            id: 'asset', header: text('assets.name'), value: (row) => row.asset_name,
            cell: (row) => <Link to="/assets/$assetId" params={{ assetId: row.asset_id }} className="hover:underline">{row.asset_name}</Link>,
        },
        { id: 'position', header: text('attach.position'), value: (row) => row.position },
        { id: 'from', header: text('span.from'), value: (row) => row.from, cell: (row) => format.dateTime(row.from, zone) },
        { id: 'to', header: text('span.to'), value: (row) => row.to, cell: (row) => (row.to ? format.dateTime(row.to, zone) : text('span.open')) },
        ...(mayEdit ? [{
            id: 'menu', header: ' ', value: () => '', unsorted: true,
            cell: (row: Attachment) => (
                <MoreMenu
                    label={text('attach.menu', { asset: row.asset_name })}
                    actions={[
                        ...(row.to ? [] : [{ id: 'end', label: text('attach.end'), onAction: () => setAsking({ kind: 'end', attachment: row }) }]),
                        { id: 'remove', label: text('attach.remove'), danger: true, onAction: () => setAsking({ kind: 'remove', attachment: row }) },
                    ]}
                />
            ),
        }] : []),
    ], [text, format, zone, mayEdit])
    const confirm = async () => {
        const { id, version } = asking!.attachment
        if (asking!.kind === 'end') await call('PATCH /v1/attachments/{id}', { path: { id }, version, body: { to: new Date().toISOString() } })
        else await call('DELETE /v1/attachments/{id}', { path: { id }, version })
        await client.invalidateQueries()
    }
    const kind = asking?.kind ?? 'end'
    const asset = asking?.attachment.asset_name ?? ''
    return (
        <Panel title={text('attach.history')} flush>
            <ListView query={query} empty={<Empty title={text('attach.empty')} detail={text('attach.empty.detail')} />}>
                {(items) => (
                    <DataTable
                        label={text('attach.history')} columns={columns} rows={items} rowKey={(row) => row.id}
                        sort={{ id: 'from', desc: true }}
                    />
                )}
            </ListView>
            <Confirm
                title={text(`attach.${kind}`)} detail={text(`attach.${kind}.detail`, { asset })} action={text(`attach.${kind}`)}
                isOpen={asking !== null} onClose={() => setAsking(null)} onConfirm={confirm} load={() => query.refetch({ throwOnError: true })}
            />
        </Panel>
    )
}
