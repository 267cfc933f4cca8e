import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Attempt, DeliveryLog, Webhook } from '@/api/schema'
import { Button } from '@/components/button'
import { Drawer } from '@/components/drawer'
import { ErrorNote } from '@/components/error-note'
import { Facts } from '@/components/page'
import { Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { DeliveryChip } from './chips'
import { deliveryQuery } from './queries'

/** Text as a program wrote it, which scrolls by itself. */
function Verbatim({ label, children }: { label: string; children: string }) {
    return (
        <pre role="region" aria-label={label} tabIndex={0} className="max-h-60 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 text-xs break-all whitespace-pre-wrap">
            {children}
        </pre>
    )
}

function AttemptView({ attempt, zone }: { attempt: Attempt; zone: string }) {
    const text = useText()
    const format = useFormat()
    const name = text('webhooks.attempt', { number: format.exact(attempt.number) })
    return (
        <li className="flex flex-col gap-2 border-t border-line pt-3">
            <h3 className="text-sm font-semibold">{name}</h3>
            <Facts
                items={[
                    [text('webhooks.at'), format.dateTime(attempt.at, zone)],
                    [text('webhooks.answer'), attempt.status ?? attempt.failure],
                    [text('webhooks.took'), `${format.exact(attempt.took_ms)} ms`],
                ]}
            />
            <Verbatim label={`${name}: ${text('webhooks.request')}`}>{`POST ${attempt.url}\n${attempt.request_headers.join('\n')}`}</Verbatim>
            {attempt.response_body && <Verbatim label={`${name}: ${text('webhooks.response')}`}>{attempt.response_body}</Verbatim>}
        </li>
    )
}

function Log({ webhook, log, zone, mayManage }: { webhook: Webhook; log: DeliveryLog; zone: string; mayManage: boolean }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const [error, setError] = useState<unknown>(null)
    const { delivery } = log
    const retry = async () => {
        setError(null)
        try {
            await call('POST /v1/webhooks/{id}/deliveries/{delivery_id}/retry', { path: { id: webhook.id, delivery_id: delivery.id } })
            await client.invalidateQueries()
            toast(text('webhooks.retried'))
        } catch (caught) {
            setError(caught)
        }
    }
    return (
        <div className="flex flex-col gap-4">
            <Facts
                items={[
                    [text('tokens.state'), <DeliveryChip state={delivery.state} />],
                    [text('webhooks.message'), <code>{delivery.message_id}</code>],
                    [text('tokens.created'), format.dateTime(delivery.created_at, zone)],
                    [text('webhooks.next'), delivery.next_attempt_at ? format.dateTime(delivery.next_attempt_at, zone) : '—'],
                ]}
            />
            <ErrorNote error={error} />
            {mayManage && <div><Button isDisabled={!webhook.enabled} onPress={() => void retry()}>{text('webhooks.retry')}</Button></div>}
            <h3 className="text-sm font-semibold">{text('webhooks.body')}</h3>
            <Verbatim label={text('webhooks.body')}>{log.body}</Verbatim>
            <ol className="flex flex-col gap-4">
                {log.attempts.toReversed().map((attempt) => <AttemptView key={attempt.number} attempt={attempt} zone={zone} />)}
            </ol>
        </div>
    )
}

/** One delivery with everything that was sent and answered. */
export function DeliveryDrawer({ webhook, delivery, zone, mayManage, onClose }: {
    webhook: Webhook; delivery: string | undefined; zone: string; mayManage: boolean; onClose: () => void
}) {
    const text = useText()
    const query = useQuery({ ...deliveryQuery(webhook.id, delivery ?? ''), enabled: delivery !== undefined, refetchInterval: 10_000 })
    const log = query.data
    return (
        <Drawer title={log && delivery ? log.delivery.type : text('webhooks.delivery')} isOpen={delivery !== undefined} onClose={onClose}>
            {log ? <Log webhook={webhook} log={log} zone={zone} mayManage={mayManage} />
                : query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
        </Drawer>
    )
}
