import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { deliveryStates, type Delivery, type Webhook } from '@/api/schema'
import { DataTable, type Column } from '@/components/data-table'
import { ChipFilter } from '@/components/filters'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { Empty, NoneMatch } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { DeliveryChip } from './chips'
import { eventWords, testType } from './event-name'
import { deliveriesQuery, eventTypesQuery, type DeliveryFilter } from './queries'

function useColumns(webhook: Webhook, zone: string): Column<Delivery>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        {
            id: 'type', header: text('webhooks.type'), value: (delivery) => delivery.type,
            cell: (delivery) => (
                <Link
                    to="/settings/webhooks/$webhookId" params={{ webhookId: webhook.id }} search={(search: object) => ({ ...search, delivery: delivery.id })}
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
    ], [text, format, webhook.id, zone])
}

const everyType = 'all'

function TypeFilter({ type, onType }: { type: string | undefined; onType: (type: string | undefined) => void }) {
    const text = useText()
    const known = useQuery(eventTypesQuery).data?.items ?? []
    const types = [...new Set([...known.map((one) => one.type), testType, ...(type ? [type] : [])])].sort()
    return (
        <SelectField
            compact label={text('webhooks.type')} value={type ?? everyType} onChange={(id) => onType(id === everyType ? undefined : id)}
            choices={[{ id: everyType, label: text('webhooks.type.any') }, ...types.map((id) => ({ id, label: text('webhooks.type.named', { words: eventWords(text, id), type: id }) }))]}
        />
    )
}

/** What was sent, or is to be, of the last 30 days. */
export function DeliveriesPanel({ webhook, zone, filter: { state, type }, onFilter }: {
    webhook: Webhook; zone: string; filter: DeliveryFilter; onFilter: (change: DeliveryFilter) => void
}) {
    const text = useText()
    const columns = useColumns(webhook, zone)
    const query = useInfiniteQuery({ ...deliveriesQuery(webhook.id, { state, type }), placeholderData: keepPreviousData, refetchInterval: 10_000 })
    return (
        <Panel
            title={text('webhooks.deliveries')} note={text('webhooks.deliveries.note')} flush
            tools={
                <>
                    <div className="w-56"><TypeFilter type={type} onType={(next) => onFilter({ type: next })} /></div>
                    <ChipFilter
                        label={text('tokens.state')} value={state} onChange={(next) => onFilter({ state: next })}
                        choices={[{ id: undefined, label: text('filter.all') }, ...deliveryStates.map((id) => ({ id, label: text(`webhooks.delivery.${id}`) }))]}
                    />
                </>
            }
        >
            <ListView
                query={query}
                empty={state || type
                    ? <NoneMatch onClear={() => onFilter({ state: undefined, type: undefined })} />
                    : <Empty title={text('webhooks.deliveries.none')} detail={text('webhooks.deliveries.none.detail')} />}
            >
                {(items) => (
                    <DataTable label={text('webhooks.deliveries')} columns={columns} rows={items} rowKey={(delivery) => delivery.id} sort={{ id: 'created', desc: true }} />
                )}
            </ListView>
        </Panel>
    )
}
