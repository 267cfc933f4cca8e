import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { deliveryStates, type Delivery, type DeliveryState, type Webhook } from '@/api/schema'
import { DataTable, type Column } from '@/components/data-table'
import { ChipFilter } from '@/components/filters'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { Empty, NoneMatch } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { DeliveryChip } from './chips'
import { deliveriesQuery } from './queries'

function useColumns(webhook: Webhook, zone: string, state: DeliveryState | undefined): Column<Delivery>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        {
            id: 'type', header: text('webhooks.type'), value: (delivery) => delivery.type,
            cell: (delivery) => (
                <Link
                    to="/settings/webhooks/$webhookId" params={{ webhookId: webhook.id }} search={{ ...(state ? { state } : {}), delivery: delivery.id }}
                    className="hover:underline"
                >
                    <span lang="en">{delivery.type}</span>
                </Link>
            ),
        },
        { id: 'state', header: text('tokens.state'), value: (delivery) => deliveryStates.indexOf(delivery.state), cell: (delivery) => <DeliveryChip state={delivery.state} /> },
        { id: 'status', header: text('webhooks.answer'), value: (delivery) => delivery.last_status, numeric: true },
        { id: 'attempts', header: text('webhooks.attempts'), value: (delivery) => delivery.attempts, cell: (delivery) => format.exact(delivery.attempts), numeric: true },
        { id: 'created', header: text('tokens.created'), value: (delivery) => delivery.created_at, cell: (delivery) => format.dateTime(delivery.created_at, zone) },
        {
            id: 'next', header: text('webhooks.next'), value: (delivery) => delivery.next_attempt_at,
            cell: (delivery) => (delivery.next_attempt_at ? format.dateTime(delivery.next_attempt_at, zone) : '—'),
        },
    ], [text, format, webhook.id, zone, state])
}

/** What was sent, or is to be, of the last 30 days. */
export function DeliveriesPanel({ webhook, zone, state, onState }: {
    webhook: Webhook; zone: string; state: DeliveryState | undefined; onState: (state: DeliveryState | undefined) => void
}) {
    const text = useText()
    const columns = useColumns(webhook, zone, state)
    const query = useInfiniteQuery({ ...deliveriesQuery(webhook.id, state), placeholderData: keepPreviousData, refetchInterval: 10_000 })
    return (
        <Panel
            title={text('webhooks.deliveries')} note={text('webhooks.deliveries.note')} flush
            tools={
                <ChipFilter
                    label={text('tokens.state')} value={state} onChange={onState}
                    choices={[{ id: undefined, label: text('filter.all') }, ...deliveryStates.map((id) => ({ id, label: text(`webhooks.delivery.${id}`) }))]}
                />
            }
        >
            <ListView
                query={query}
                empty={state ? <NoneMatch onClear={() => onState(undefined)} /> : <Empty title={text('webhooks.deliveries.none')} detail={text('webhooks.deliveries.none.detail')} />}
            >
                {(items) => (
                    <DataTable label={text('webhooks.deliveries')} columns={columns} rows={items} rowKey={(delivery) => delivery.id} sort={{ id: 'created', desc: true }} />
                )}
            </ListView>
        </Panel>
    )
}
