import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { oneQuery } from '@/api/queries'
import { can, staffMay, useSession } from '@/api/session'
import type { Notifications } from '@/api/schema'
import { CheckField } from '@/components/check-field'
import { Page, Panel } from '@/components/page'
import { SettingsNav } from '@/components/settings-nav'
import { Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText, type MessageId } from '@/lib/i18n/text'
import { OwnAccount } from './own-account'
import { SentForm } from '@/components/sent-form'

const notificationsQuery = oneQuery('GET /v1/account/notifications', {})

const staffTopics: [topic: keyof Notifications, label: MessageId, permission: string][] = [
    ['alert_fired', 'notices.alert_fired', 'jobs.read'],
]
const topics: typeof staffTopics = [
    ['webhook_disabled', 'notices.webhook_disabled', 'webhooks.manage'],
    ['api_key_ending', 'notices.api_key_ending', 'api_keys.manage'],
    ['member_joined', 'notices.member_joined', 'members.manage'],
]

function WishesForm({ saved }: { saved: Notifications }) {
    const text = useText()
    const client = useQueryClient()
    const session = useSession()
    const [wishes, setWishes] = useState(saved)
    const save = async () => {
        await call('PATCH /v1/account/notifications', { body: wishes })
        await client.invalidateQueries({ queryKey: notificationsQuery.queryKey })
        toast(text('state.saved'))
    }
    const own = (permission: string) => session.company !== null && can(session, permission)
    const offered = [...staffTopics.filter(([, , permission]) => staffMay(session, permission)), ...topics]
    const gets = (permission: string) => own(permission) || staffMay(session, permission)
    return (
        <SentForm onSend={save} action={text('action.save')} className="flex max-w-md flex-col gap-3">
            {offered.map(([topic, label, permission]) => (
                <div key={topic}>
                    <CheckField
                        label={text(label)} isSelected={wishes[topic]}
                        onChange={(wanted) => setWishes({ ...wishes, [topic]: wanted })}
                    />
                    {!gets(permission) && <p className="pl-6 text-sm text-ink-soft">{text('notices.not_yours')}</p>}
                </div>
            ))}
        </SentForm>
    )
}

function LettersPanel() {
    const text = useText()
    const { data, error, refetch } = useQuery(notificationsQuery)
    return (
        <Panel title={text('notices.letters')} note={text('notices.note')}>
            {data ? <WishesForm saved={data} /> : error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting />}
        </Panel>
    )
}

/** What one is told by mail without having asked. */
export function NotificationsPage() {
    const text = useText()
    return (
        <Page title={text('notices.title')}>
            <SettingsNav />
            <OwnAccount><LettersPanel /></OwnAccount>
        </Page>
    )
}
