import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Webhook as WebhookIcon } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Webhook } from '@/api/schema'
import { useCan, useSession } from '@/api/session'
import { LinkButton } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { WebhookChip } from './chips'
import { webhooksQuery } from './queries'
import { WebhookDrawer, type Added } from './webhook-drawer'

function useColumns(): Column<Webhook>[] {
    const text = useText()
    const format = useFormat()
    const zone = useSession().company?.zone ?? 'UTC'
    return useMemo(() => [
        {
            id: 'url', header: text('webhooks.url'), value: (webhook) => webhook.url, wide: true,
            cell: (webhook) => (
                <Link to="/settings/webhooks/$webhookId" params={{ webhookId: webhook.id }} className="break-all hover:underline">{webhook.url}</Link>
            ),
        },
        { id: 'description', header: text('webhooks.description'), value: (webhook) => webhook.description || null },
        { id: 'state', header: text('tokens.state'), value: (webhook) => Number(webhook.enabled), cell: (webhook) => <WebhookChip webhook={webhook} /> },
        {
            id: 'types', header: text('webhooks.types'), value: (webhook) => webhook.event_types?.length ?? 1000, numeric: true,
            cell: (webhook) => (webhook.event_types ? format.exact(webhook.event_types.length) : text('filter.all')),
        },
        { id: 'created', header: text('tokens.created'), value: (webhook) => webhook.created_at, cell: (webhook) => format.dateTime(webhook.created_at, zone) },
    ], [text, format, zone])
}

export function WebhookListPage() {
    const text = useText()
    const { open } = useSearch({ from: '/shell/settings/webhooks' })
    const navigate = useNavigate({ from: '/settings/webhooks' })
    const mayManage = useCan('webhooks.manage')
    const columns = useColumns()
    const query = useInfiniteQuery(webhooksQuery)
    const [added, setAdded] = useState<Added | null>(null)
    const create = mayManage && (
        <LinkButton to="/settings/webhooks" search={{ open: 'new' }} kind="primary"><Plus size={15} aria-hidden />{text('webhooks.new')}</LinkButton>
    )
    const leave = () => {
        const id = added?.id
        setAdded(null)
        if (id) void navigate({ to: '/settings/webhooks/$webhookId', params: { webhookId: id } })
    }
    return (
        <Page title={text('webhooks.title')} action={create} crumbs={{ to: '/settings', label: text('nav.settings') }} facts={text('webhooks.note')}>
            <div className="rounded-md border border-line bg-surface">
                <ListView query={query} empty={<Empty icon={WebhookIcon} title={text('webhooks.none')} detail={text('webhooks.none.detail')} action={create} />}>
                    {(items) => (
                        <DataTable
                            label={text('webhooks.title')} columns={columns} rows={items} rowKey={(webhook) => webhook.id}
                            sort={{ id: 'created', desc: true }} isDimmed={(webhook) => !webhook.enabled}
                        />
                    )}
                </ListView>
            </div>
            <WebhookDrawer isOpen={open === 'new' && mayManage} onClose={() => void navigate({ search: {}, replace: true })} onAdded={setAdded} />
            <SecretOnce title={text('webhooks.secret')} secret={added?.secret ?? null} note={text('webhooks.secret.note')} onClose={leave} />
        </Page>
    )
}
