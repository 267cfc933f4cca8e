import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Clock, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { itemsOf, listQuery } from '@/api/queries'
import { roles, type Invitation, type Role } from '@/api/schema'
import { Button } from '@/components/button'
import { Chip } from '@/components/chip'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { Empty } from '@/components/states'
import { toast } from '@/components/toasts'
import { locales, useLocale, useText, type Locale } from '@/lib/i18n/text'
import { languageNames } from '@/lib/locale-choice'
import { useFormat } from '@/lib/use-format'
import type { SettingsPanelProps } from './members-panel'

const invitationsQuery = listQuery('GET /v1/invitations', { query: {} })
const isOnItsWay = ({ state, sent_at }: Invitation) => state === 'open' && sent_at === null

function InvitationForm({ onClose }: { onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const [email, setEmail] = useState('')
    const [role, setRole] = useState<Role>('viewer')
    const [locale, setLocale] = useState<Locale>(useLocale())
    const save = async () => {
        await call('POST /v1/invitations', { body: { email, role, locale } })
        await client.invalidateQueries({ queryKey: invitationsQuery.queryKey })
        toast(text('invitations.sent', { email }))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('invitations.send')}>
            <TextField label={text('auth.email')} name="email" type="email" value={email} isRequired onChange={setEmail} autoFocus hint={text('invitations.email.hint')} />
            <SelectField
                label={text('members.role')} value={role} onChange={setRole} hint={text(`role.${role}.hint`)}
                choices={roles.map((id) => ({ id, label: text(`role.${id}`) }))}
            />
            <SelectField
                label={text('invitations.language')} value={locale} onChange={setLocale}
                choices={locales.map((id) => ({ id, label: languageNames[id] }))}
            />
        </DrawerForm>
    )
}

export function InvitationsPanel({ zone, mayEdit, isAdding, show }: SettingsPanelProps & { mayEdit: boolean }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    // Letters go within seconds, or wait for a mail server.
    const query = useInfiniteQuery({ ...invitationsQuery, refetchInterval: ({ state }) => (itemsOf(state.data)?.some(isOnItsWay) ? 3_000 : false) })
    const [leaving, setLeaving] = useState<Invitation | null>(null)
    const [again, setAgain] = useState<Invitation | null>(null)
    const columns = useMemo<Column<Invitation>[]>(() => [
        { id: 'email', header: text('auth.email'), value: ({ email }) => email },
        { id: 'role', header: text('members.role'), value: ({ role }) => text(`role.${role}`) },
        { id: 'by', header: text('invitations.by'), value: ({ invited_by }) => invited_by },
        {
            id: 'sent', header: text('invitations.letter'), value: ({ sent_at }) => sent_at,
            cell: (invitation) => isOnItsWay(invitation)
                ? <Chip tone="note" icon={Clock}>{text('invitations.letter.on_its_way')}</Chip>
                : invitation.sent_at && text('invitations.letter.went', { at: format.dateTime(invitation.sent_at, zone) }),
        },
        {
            id: 'until', header: text('invitations.until'), value: ({ expires_at }) => expires_at,
            cell: ({ expires_at, state }) => state === 'open' ? format.dateTime(expires_at, zone) : text('invitations.expired'),
        },
        ...(mayEdit ? [{
            id: 'do', header: text('members.do'), value: () => null, unsorted: true,
            cell: (invitation: Invitation) => (
                <span className="-ml-3 flex">
                    <Button kind="quiet" onPress={() => setAgain(invitation)}>{text('invitations.again')}</Button>
                    <Button kind="quiet" onPress={() => setLeaving(invitation)}>{text('invitations.withdraw')}</Button>
                </span>
            ),
        }] : []),
    ], [text, format, zone, mayEdit])
    const refresh = () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey })
    const close = () => show(undefined)
    return (
        <Panel
            title={text('invitations.title')} note={text('invitations.note')} flush
            tools={mayEdit && <Button onPress={() => show('invite')}><Plus size={14} aria-hidden />{text('invitations.new')}</Button>}
        >
            <ListView query={query} empty={<Empty title={text('invitations.none')} detail={text('invitations.none.detail')} />}>
                {(items) => (
                    <DataTable
                        label={text('invitations.title')} columns={columns} rows={items} rowKey={({ id }) => id}
                        sort={{ id: 'until', desc: true }} isDimmed={({ state }) => state === 'expired'}
                    />
                )}
            </ListView>
            <Drawer title={text('invitations.new')} isOpen={isAdding} onClose={close}><InvitationForm onClose={close} /></Drawer>
            <Confirm
                title={text('invitations.withdraw.title', { email: leaving?.email ?? '' })} detail={text('invitations.withdraw.detail')}
                action={text('invitations.withdraw')} isOpen={leaving !== null} onClose={() => setLeaving(null)}
                onConfirm={async () => {
                    await call('DELETE /v1/invitations/{id}', { path: { id: leaving!.id } })
                    await refresh()
                }}
            />
            <Confirm
                title={text('invitations.again.title', { email: again?.email ?? '' })} detail={text('invitations.again.detail')}
                action={text('invitations.again')} isOpen={again !== null} onClose={() => setAgain(null)}
                onConfirm={async () => {
                    await call('POST /v1/invitations/{id}/resend', { path: { id: again!.id } })
                    await refresh()
                    toast(text('invitations.sent', { email: again!.email }))
                }}
            />
        </Panel>
    )
}
