import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { listQuery } from '@/api/queries'
import { sessionQuery, staffMay, useSession } from '@/api/session'
import type { OpenSession } from '@/api/schema'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { TextField } from '@/components/field'
import { ListView } from '@/components/list-view'
import { Page, Panel } from '@/components/page'
import { SettingsNav } from '@/components/settings-nav'
import { Empty } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { OwnAccount } from './own-account'
import { PasskeysPanel } from './passkeys-panel'
import { SecondFactorPanel } from './second-factor-panel'
import { StaffKeysPanel } from './staff-keys-panel'
import { SentForm } from '@/components/sent-form'

const sessionsQuery = listQuery('GET /v1/sessions', { query: {} })

function PasswordPanel() {
    const text = useText()
    const client = useQueryClient()
    // Another key empties the fields.
    const [times, setTimes] = useState(0)
    const save = async (form: FormData) => {
        await call('POST /v1/account/password', {
            body: { current_password: String(form.get('current_password')), new_password: String(form.get('new_password')) },
        })
        await client.invalidateQueries({ queryKey: sessionsQuery.queryKey })
        await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        setTimes(times + 1)
        toast(text('security.password.done'))
    }
    return (
        <Panel title={text('security.password')} note={text('security.password.note')}>
            <SentForm key={times} onSend={save} action={text('security.password.save')} className="flex max-w-md flex-col gap-4">
                <TextField
                    label={text('password.current')} name="current_password" type="password" autoComplete="current-password" isRequired
                />
                <TextField
                    label={text('password.new')} name="new_password" type="password" autoComplete="new-password" isRequired
                    hint={text('password.hint')}
                />
            </SentForm>
        </Panel>
    )
}

/** "Firefox, Windows": enough to know one's own devices by. */
function browserOf(userAgent: string): string {
    const browser = /Edg\//.test(userAgent) ? 'Edge' : /(Firefox|Chrome|Safari)\//.exec(userAgent)?.[1]
    const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1]
    return [browser, system].filter(Boolean).join(', ') || userAgent
}

function SessionsPanel() {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const session = useSession()
    const zone = session.company?.zone ?? 'UTC'
    const query = useInfiniteQuery(sessionsQuery)
    const [leaving, setLeaving] = useState<OpenSession | 'others' | null>(null)
    const columns = useMemo<Column<OpenSession>[]>(() => [
        { id: 'browser', header: text('sessions.browser'), value: ({ user_agent }) => browserOf(user_agent) || text('sessions.unknown') },
        { id: 'address', header: text('sessions.address'), value: ({ address }) => address },
        { id: 'opened', header: text('sessions.opened'), value: ({ created_at }) => created_at, cell: ({ created_at }) => format.dateTime(created_at, zone) },
        { id: 'seen', header: text('sessions.seen'), value: ({ last_seen_at }) => last_seen_at, cell: ({ last_seen_at }) => format.dateTime(last_seen_at, zone) },
        {
            id: 'end', header: text('tokens.state'), value: ({ current }) => (current ? 0 : 1),
            cell: (session) => session.current
                ? text('sessions.current')
                : <span className="-ml-3"><Button kind="quiet" onPress={() => setLeaving(session)}>{text('sessions.end')}</Button></span>,
        },
    ], [text, format, zone])
    const end = async () => {
        if (leaving === 'others') await call('DELETE /v1/sessions', {})
        else if (leaving) await call('DELETE /v1/sessions/{id}', { path: { id: leaving.id } })
        await client.invalidateQueries({ queryKey: sessionsQuery.queryKey })
    }
    return (
        <Panel
            title={text('sessions.title')} note={session.opened_by_provider ? text('sessions.note_bound', { company: session.company?.name ?? '' }) : text('sessions.note')} flush
            tools={<Button onPress={() => setLeaving('others')}>{text('sessions.end_others')}</Button>}
        >
            <ListView query={query} empty={<Empty title={text('sessions.title')} />}>
                {(items) => (
                    <DataTable
                        label={text('sessions.title')} columns={columns} rows={items} rowKey={({ id }) => id}
                        sort={{ id: 'end', desc: false }}
                    />
                )}
            </ListView>
            <Confirm
                title={text(leaving === 'others' ? 'sessions.end_others.title' : 'sessions.end.title')}
                detail={text('sessions.end.detail')} action={text('sessions.end')}
                isOpen={leaving !== null} onClose={() => setLeaving(null)} onConfirm={end}
            />
        </Panel>
    )
}

export function SecurityPage() {
    const text = useText()
    const session = useSession()
    return (
        <Page title={text('security.title')}>
            <SettingsNav />
            <div className="grid gap-3">
                {session.second_factor_missing && (
                    <p role="status" className="rounded-md bg-warn-wash px-3 py-2 text-sm text-warn">
                        {text('access.missing', { company: session.company?.name ?? '' })}
                    </p>
                )}
                {session.staff_second_factor_missing && (
                    <p role="status" className="rounded-md bg-warn-wash px-3 py-2 text-sm text-warn">{text('staff.factor_missing')}</p>
                )}
                <OwnAccount>
                    <PasswordPanel />
                    <PasskeysPanel />
                    <SecondFactorPanel />
                    {staffMay(session, 'staff_keys.own') && <StaffKeysPanel />}
                </OwnAccount>
                <SessionsPanel />
            </div>
        </Page>
    )
}
