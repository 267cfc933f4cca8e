import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Webhook } from '@/api/schema'
import { useCan, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { ErrorNote } from '@/components/error-note'
import { MoreMenu } from '@/components/menu'
import { PageFailure } from '@/components/notice'
import { Facts, Page, Panel } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { WebhookChip } from './chips'
import { DeliveriesPanel } from './deliveries-panel'
import { DeliveryDrawer } from './delivery-drawer'
import { EventName } from './event-name'
import { webhookQuery } from './queries'
import { ReplayDrawer } from './replay-drawer'
import { WebhookDrawer } from './webhook-drawer'

const from = '/shell/settings/webhooks/$webhookId'

const EventList = ({ types }: { types: string[] }) => <ul>{types.map((type) => <li key={type}><EventName type={type} /></li>)}</ul>

function WebhookFacts({ webhook, zone }: { webhook: Webhook; zone: string }) {
    const text = useText()
    const format = useFormat()
    return (
        <Panel title={text('webhooks.facts')}>
            <Facts
                items={[
                    [text('webhooks.description'), webhook.description || '—'],
                    [text('webhooks.types'), webhook.event_types ? <EventList types={webhook.event_types} /> : text('webhooks.types.all')],
                    [text('webhooks.pace'), webhook.per_second === null ? text('webhooks.pace.none') : format.exact(webhook.per_second)],
                    [text('webhooks.failing_since'), webhook.failing_since ? format.dateTime(webhook.failing_since, zone) : '—'],
                    [text('webhooks.previous_until'), webhook.previous_secret_until ? format.dateTime(webhook.previous_secret_until, zone) : '—'],
                    [text('tokens.created'), format.dateTime(webhook.created_at, zone)],
                ]}
            />
        </Panel>
    )
}

/** Why nothing is sent. */
function DisabledNote({ webhook, zone }: { webhook: Webhook; zone: string }) {
    const text = useText()
    const format = useFormat()
    if (!webhook.disabled_because) return null
    return (
        <p className="mb-3 rounded-md bg-warn-wash px-4 py-2 text-sm text-warn">
            {text(`webhooks.disabled.${webhook.disabled_because}`, { at: format.dateTime(webhook.disabled_at, zone) })}
        </p>
    )
}

type Asking = { what: 'rotate' | 'delete'; version: string } | null

/** What can be done to an endpoint beside editing it. Refusals are kept for the page to show. */
function useSteps(id: string) {
    const text = useText()
    const client = useQueryClient()
    const [secret, setSecret] = useState<string | null>(null)
    const [asking, setAsking] = useState<Asking>(null)
    const [error, setError] = useState<unknown>(null)
    const path = { id }
    const step = async (work: () => Promise<unknown>, done?: string) => {
        setError(null)
        try {
            await work()
            await client.invalidateQueries()
            if (done) toast(done)
        } catch (caught) {
            setError(caught)
        }
    }
    return {
        secret, setSecret, asking, setAsking, error,
        load: () => {
            setError(null)
            return client.invalidateQueries({}, { throwOnError: true })
        },
        test: () => step(() => call('POST /v1/webhooks/{id}/test', { path }), text('webhooks.tested')),
        enable: (version: string) => step(() => call('POST /v1/webhooks/{id}/enable', { path, version }), text('state.saved')),
        disable: (version: string) => step(() => call('POST /v1/webhooks/{id}/disable', { path, version }), text('state.saved')),
        reveal: () => step(async () => setSecret((await call('GET /v1/webhooks/{id}/secret', { path })).secret)),
        rotate: async () => {
            setSecret((await call('POST /v1/webhooks/{id}/secret/rotate', { path, version: asking!.version })).secret)
            await client.invalidateQueries()
        },
        remove: () => call('DELETE /v1/webhooks/{id}', { path, version: asking!.version }),
    }
}

function Questions({ webhook, steps, onGone }: { webhook: Webhook; steps: ReturnType<typeof useSteps>; onGone: () => void }) {
    const text = useText()
    const close = () => steps.setAsking(null)
    return (
        <>
            <SecretOnce title={text('webhooks.secret')} secret={steps.secret} note={text('webhooks.secret.note')} onClose={() => steps.setSecret(null)} />
            <Confirm
                title={text('webhooks.rotate.title')} detail={text('webhooks.rotate.detail')} action={text('webhooks.rotate')}
                isOpen={steps.asking?.what === 'rotate'} onClose={close} onConfirm={steps.rotate} load={steps.load}
            />
            <Confirm
                title={text('webhooks.delete.title', { url: webhook.url })} detail={text('webhooks.delete.detail')} action={text('webhooks.delete')}
                isOpen={steps.asking?.what === 'delete'} onClose={close} load={steps.load}
                onConfirm={async () => {
                    await steps.remove()
                    onGone()
                }}
            />
        </>
    )
}

export function WebhookPage() {
    const text = useText()
    const { webhookId } = useParams({ from })
    const { state, type, delivery, open } = useSearch({ from })
    const navigate = useNavigate({ from: '/settings/webhooks/$webhookId' })
    const mayManage = useCan('webhooks.manage')
    const zone = useSession().company?.zone ?? 'UTC'
    const query = useQuery({ ...webhookQuery(webhookId), refetchInterval: 30_000 })
    const steps = useSteps(webhookId)
    const webhook = query.data
    const back = { to: '/settings/webhooks', label: text('webhooks.title') }
    if (query.error && !webhook) return <PageFailure error={query.error} retry={() => void query.refetch()} back={back} />
    if (!webhook) return <Waiting height={480} />
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    const close = () => search({ open: undefined })
    return (
        <Page
            title={webhook.url} chip={<WebhookChip webhook={webhook} />} crumbs={back}
            action={mayManage && (
                <>
                    {webhook.enabled
                        ? <Button kind="primary" onPress={() => void steps.test()}>{text('webhooks.test')}</Button>
                        : <Button kind="primary" onPress={() => void steps.enable(webhook.version)}>{text('webhooks.enable')}</Button>}
                    <MoreMenu
                        actions={[
                            { id: 'edit', label: text('action.edit'), onAction: () => search({ open: 'edit' }) },
                            { id: 'secret', label: text('webhooks.reveal'), onAction: () => void steps.reveal() },
                            { id: 'rotate', label: text('webhooks.rotate'), onAction: () => steps.setAsking({ what: 'rotate', version: webhook.version }) },
                            ...(webhook.enabled ? [
                                { id: 'replay', label: text('webhooks.replay'), onAction: () => search({ open: 'replay' }) },
                                { id: 'disable', label: text('webhooks.disable'), onAction: () => void steps.disable(webhook.version) },
                            ] : []),
                            { id: 'delete', label: text('webhooks.delete'), danger: true, onAction: () => steps.setAsking({ what: 'delete', version: webhook.version }) },
                        ]}
                    />
                </>
            )}
        >
            <DisabledNote webhook={webhook} zone={zone} />
            <ErrorNote error={steps.error} load={steps.load} />
            <div className="grid items-start gap-3 lg:grid-cols-[2fr_1fr]">
                <DeliveriesPanel webhook={webhook} zone={zone} filter={{ state, type }} onFilter={search} />
                <WebhookFacts webhook={webhook} zone={zone} />
            </div>
            <DeliveryDrawer webhook={webhook} delivery={delivery} zone={zone} mayManage={mayManage} onClose={() => search({ delivery: undefined })} />
            <WebhookDrawer webhook={webhook} isOpen={open === 'edit' && mayManage} onClose={close} onAdded={close} />
            <ReplayDrawer webhook={webhook} zone={zone} isOpen={open === 'replay' && mayManage} onClose={close} />
            <Questions webhook={webhook} steps={steps} onGone={() => void navigate({ to: '/settings/webhooks' })} />
        </Page>
    )
}
