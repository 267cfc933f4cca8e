import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import type { Assignment, Campaign } from '@/api/schema'
import { useCan } from '@/api/session'
import { IconButton, LinkButton } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { Confirm } from '@/components/confirm'
import { Panel } from '@/components/page'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { assignmentsQuery } from './queries'

/** Which faces carry the campaign, when, and how much of each. */
export function AssignmentsPanel({ campaign }: { campaign: Campaign }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const mayEdit = useCan('campaigns.edit')
    const query = useInfiniteQuery(assignmentsQuery(campaign.id))
    const [leaving, setLeaving] = useState<Assignment | null>(null)
    const columns = useMemo<Column<Assignment>[]>(() => [
        {
            id: 'asset', header: text('assets.name'), value: (row) => row.asset_name,
            cell: (row) => <Link to="/assets/$assetId" params={{ assetId: row.asset_id }} className="hover:underline">{row.asset_name}</Link>,
        },
        { id: 'face', header: text('faces.name'), value: (row) => row.face_name },
        { id: 'from', header: text('span.from'), value: (row) => row.from, cell: (row) => format.dateTime(row.from, campaign.zone) },
        { id: 'to', header: text('span.to'), value: (row) => row.to, cell: (row) => format.dateTime(row.to, campaign.zone) },
        { id: 'share', header: text('assign.share'), value: (row) => row.share, cell: (row) => format.percent(row.share), numeric: true },
        ...(mayEdit ? [{
            id: 'remove', header: ' ', value: () => '', unsorted: true,
            cell: (row: Assignment) => (
                <IconButton label={text('assign.remove', { name: row.asset_name })} onPress={() => setLeaving(row)}>
                    <Trash2 size={14} aria-hidden />
                </IconButton>
            ),
        }] : []),
    ], [text, format, campaign.zone, mayEdit])
    const assign = mayEdit && (
        <LinkButton to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} search={(now: object) => ({ ...now, open: 'assign' as const })}>
            {text('assign.title')}
        </LinkButton>
    )
    return (
        <Panel id="faces" title={text('assign.list')} flush tools={assign}>
            <ListView query={query} empty={<Empty title={text('assign.empty')} detail={text('assign.empty.detail')} />}>
                {(items) => <DataTable label={text('assign.list')} columns={columns} rows={items} rowKey={(row) => row.id} maxHeight={420} />}
            </ListView>
            <Confirm
                title={text('assign.remove.title')}
                detail={text('assign.remove.detail', { face: leaving?.face_name ?? '', asset: leaving?.asset_name ?? '' })}
                action={text('assign.remove.action')}
                isOpen={leaving !== null}
                onClose={() => setLeaving(null)}
                load={() => query.refetch({ throwOnError: true })}
                onConfirm={async () => {
                    await call('DELETE /v1/assignments/{id}', { path: { id: leaving!.id }, version: leaving!.version })
                    await client.invalidateQueries()
                }}
            />
        </Panel>
    )
}
